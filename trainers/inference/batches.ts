// Rows of ids become tensors here. A batch is B prompts, each followed by n answers side by side: the prompt is computed once, every
// answer sees it and itself. Right-padded; what is scored is a mask that is carried, never inferred from ids.
import type { Tokens } from "../data/tokenize";
import { native } from "../engine/native";
import { tf } from "../engine/tensorflow";

/** Columns of a batch: P of the prompt, then n answers of C each. T = P + n·C. */
export type Layout = { rows: number; prompt: number; answers: number; answer: number };

export type TokenBatch = {
  layout: Layout;
  ids: tf.Tensor2D; // [B, T] int32
  positions: tf.Tensor2D; // [B, T] int32; every answer goes on where its prompt ends
  promptLengths: tf.Tensor1D; // [B] int32
  /** Index into the B·T hidden states of the state that predicts each answer token. Answer 0 of every row first, then answer 1. */
  states: tf.Tensor1D; // [n·B·C] int32
  labels: tf.Tensor1D; // [n·B·C] int32
  /** Index of the hidden state at each answer's last token. */
  ends: tf.Tensor1D; // [n·B] int32
  /** 1 where a token is scored, 0 at unscored tokens and padding. */
  mask: tf.Tensor2D; // [n·B, C]
  /** The same tokens without padding, for the ops of native/; null where these are not there. */
  packed: PackedTokens | null;
};

export type PackedTokens = {
  ids: tf.Tensor1D; // [N] int32
  positions: tf.Tensor1D; // [N] int32
  lengths: tf.Tensor2D; // [B, 1 + n] int32
  /** As above, among these N. */
  states: tf.Tensor1D; // [n·B·C] int32
  ends: tf.Tensor1D; // [n·B] int32
  /** Which of the n·B·C answer tokens are scored, M in all; and for each of n·B·C its place among these, M where it is not. */
  scored: tf.Tensor1D; // [M] int32
  places: tf.Tensor1D; // [n·B·C] int32
};

/** Rounds up to four steps an octave: 8, 10, 12, 14, 16, 20, 24, … */
export function bucket(width: number): number {
  if (width <= 8) return width === 1 ? 1 : 8;
  const step = 2 ** (Math.floor(Math.log2(width - 1)) - 2);
  return Math.ceil(width / step) * step;
}

/** Widths are rounded up to few sizes. A prompt's never equals an answer's, so that one graph holds for all (see engine/jit/compile.ts). */
const promptWidth = (length: number) => (length === 1 ? 1 : 16 * Math.ceil(length / 16)); // 1, 16, 32, …
const answerWidth = (length: number) => 16 * Math.ceil((length - 8) / 16) + 8; // 8, 24, 40, …

/** Length of what the rows of a group share: all before the first token that any of them scores, at least the first token. */
export function sharedLength(group: Tokens[]): number {
  return Math.max(1, Math.min(...group.map((row) => row.completion_mask.indexOf(1))));
}

/** Columns that groups take when they stand in one batch; `shared` are the lengths of their prompts. */
export function layoutOf(groups: Tokens[][], shared = groups.map(sharedLength)): Layout {
  const answers = groups[0]!.length;
  const longest = Math.max(...groups.flatMap((group, i) => group.map((row) => row.input_ids.length - shared[i]!)));
  return { rows: groups.length, prompt: promptWidth(Math.max(...shared)), answers, answer: answerWidth(longest) };
}

/** Tokens that a layout computes, padding included. */
export const columns = ({ rows, prompt, answers, answer }: Layout) => rows * (prompt + answers * answer);

/** Groups of n rows that share their prompt. Throws on a row without a scored token: its log-probability would be an empty sum. */
export function tokenBatch(groups: Tokens[][], pad: number): TokenBatch {
  const shared = groups.map(sharedLength);
  const layout = layoutOf(groups, shared);
  const { rows: B, prompt: P, answers: n, answer: C } = layout;
  const T = P + n * C;
  const ids = new Int32Array(B * T).fill(pad);
  const positions = new Int32Array(B * T);
  const [states, labels] = [new Int32Array(n * B * C), new Int32Array(n * B * C)];
  const ends = new Int32Array(n * B);
  const mask = new Float32Array(n * B * C);
  groups.forEach((group, b) => {
    const length = shared[b]!;
    ids.set(group[0]!.input_ids.slice(0, length), b * T);
    for (let t = 0; t < P; t++) positions[b * T + t] = t;
    group.forEach((row, a) => {
      if (!row.completion_mask.includes(1, 1))
        throw new Error(`row ${b} of the batch has no scored token: [${row.input_ids.slice(0, 20)}]`);
      const [first, out] = [b * T + P + a * C, (a * B + b) * C];
      for (let t = 0; t < C; t++) positions[first + t] = length + t;
      ends[a * B + b] = first + row.input_ids.length - length - 1;
      row.input_ids.slice(length).forEach((id, t) => {
        ids[first + t] = id;
        states[out + t] = t === 0 ? b * T + length - 1 : first + t - 1;
        labels[out + t] = id;
        mask[out + t] = row.completion_mask[length + t]!;
      });
    });
  });
  return {
    layout,
    ids: tf.tensor2d(ids, [B, T], "int32"),
    positions: tf.tensor2d(positions, [B, T], "int32"),
    promptLengths: tf.tensor1d(shared, "int32"),
    states: tf.tensor1d(states, "int32"),
    labels: tf.tensor1d(labels, "int32"),
    ends: tf.tensor1d(ends, "int32"),
    mask: tf.tensor2d(mask, [n * B, C]),
    packed: native() ? packedTokens(groups, shared, layout, mask) : null,
  };
}

/** The tokens of each group's prompt, then of its answers, without padding. */
function packedTokens(
  groups: Tokens[][],
  shared: number[],
  { rows: B, answers: n, answer: C }: Layout,
  mask: Float32Array,
): PackedTokens {
  const [ids, positions, lengths]: number[][] = [[], [], []];
  const [states, ends] = [new Int32Array(n * B * C), new Int32Array(n * B)];
  groups.forEach((group, b) => {
    const [first, prompt] = [ids!.length, shared[b]!];
    add(group[0]!.input_ids.slice(0, prompt), 0);
    group.forEach(({ input_ids }, a) => {
      const [start, out] = [ids!.length, (a * B + b) * C];
      for (let t = 0; t < input_ids.length - prompt; t++)
        states[out + t] = t === 0 ? first + prompt - 1 : start + t - 1;
      add(input_ids.slice(prompt), prompt);
      ends[a * B + b] = ids!.length - 1;
    });
  });
  const scored = [...mask.keys()].filter((i) => mask[i] === 1);
  const places = new Int32Array(mask.length).fill(scored.length);
  for (const [place, i] of scored.entries()) places[i] = place;
  return {
    ids: tf.tensor1d(ids!, "int32"),
    positions: tf.tensor1d(positions!, "int32"),
    lengths: tf.tensor2d(lengths!, [B, 1 + n], "int32"),
    states: tf.tensor1d(states, "int32"),
    ends: tf.tensor1d(ends, "int32"),
    scored: tf.tensor1d(scored, "int32"),
    places: tf.tensor1d(places, "int32"),
  };

  function add(tokens: number[], position: number): void {
    lengths!.push(tokens.length);
    tokens.forEach((id, t) => {
      ids!.push(id);
      positions!.push(position + t);
    });
  }
}

/** Tokens of the rows, each prompt counted with each answer, padding not counted. */
export const countTokens = (rows: Tokens[]) => rows.reduce((sum, row) => sum + row.input_ids.length, 0);

/** Tokens of a row that are scored. */
export const scoredTokens = ({ completion_mask }: Tokens): number => completion_mask.reduce((a, b) => a + b, 0);

/** Packs groups into micro-batches of like length that stay within `budget` columns each; a longer group stands alone. */
export function microBatches<Row>(rows: Row[], tokens: (row: Row) => Tokens[], budget: number): Row[][] {
  const length = (row: Row) => columns(layoutOf([tokens(row)]));
  const sorted = rows.map((row) => [row, length(row)] as const).sort(([, a], [, b]) => b - a);
  const packed: Row[][] = [];
  for (const [row] of sorted) {
    const open = packed.at(-1);
    if (open && columns(layoutOf([...open, row].map(tokens))) <= budget) open.push(row);
    else packed.push([row]);
  }
  return packed;
}
