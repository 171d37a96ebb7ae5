// Generation: distinct prompts are prefilled once, left-padded; then a token at a time over cached keys and values, each step one
// compiled program. Each row's random numbers come from its own named stream, so an answer depends on its prompt and seed alone.

import { createRandom } from "../../common/random";
import type { Adapter } from "../engine/adapter";
import { attention } from "../engine/attention";
import { writeRows } from "../engine/custom";
import { compile, free } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";
import type { Attend, Model } from "../models/model";
import { logits, transformer } from "../models/transformer";
import { bucket } from "./batches";
import { type DrawInput, draw, type Truncation } from "./draw";

export interface SamplingOptions extends Partial<Truncation> {
  maxNewTokens: number;
  /** 0 takes the likeliest token. */
  temperature: number;
  /** Tokens that end an answer. */
  ends: ReadonlySet<number>;
  pad: number;
  /** Name of each row's stream of random numbers. */
  streams: string[];
  /** Called after each token of all rows, with what there is of them. */
  onToken?: (done: number, completions: readonly Completion[]) => void;
}

export interface Completion {
  /** Generated ids; ends with an end token where the model stopped by itself. */
  ids: number[];
  /** log π of each id at this temperature, before truncation, in nats. */
  logProbs: number[];
  ended: boolean;
}

/** Keys and values of a layer's tokens, each [B, G, S, D]. */
type LayerCache = { keys: tf.Tensor4D; values: tf.Tensor4D };

/** Prompts whose prefill shares a program run: bounds its memory. */
const prefillRows = 16;

export type Sampler = (prompts: number[][], options: SamplingOptions) => Completion[];

/** Compiled once per shape; the adapter's variables are read as they stand at each call. */
export function createSampler(model: Model, adapter: Adapter | null): Sampler {
  const prefill = compile(prefillOf(model, adapter));
  const spread = compile(spreadRows);
  const step = compile(stepOf(model, adapter));

  return (prompts, { maxNewTokens, temperature, topK = null, topP = null, ends, pad, streams, onToken }) => {
    const distinct = [...new Map(prompts.map((ids) => [ids.join(), ids])).values()];
    const index = new Map(distinct.map((ids, i) => [ids.join(), i]));
    const P = bucket(Math.max(...prompts.map((ids) => ids.length)));
    const S = bucket(P + maxNewTokens);
    const random = streams.map((stream) => createRandom("sample", stream));
    const completions: Completion[] = prompts.map(() => ({ ids: [], logProbs: [], ended: false }));

    const drawing = { greedy: temperature === 0, topK, topP };
    const chance = (rows: number[]) => ({
      uniforms: tf.tensor1d(rows.map((row) => (row < 0 ? 0 : random[row]!()))),
      temperature: tf.scalar(temperature || 1),
    });

    let active = padded(prompts.map((_, row) => row)); // row of `prompts` that stands in each row of the batch, −1 in filler
    const start = prefillAll(prefill, distinct, P, pad);
    const owners = active.map((row) => index.get(prompts[Math.max(row, 0)]!.join())!);
    let { caches, scores } = tf.tidy(() => {
      const from = tf.tensor1d(owners, "int32");
      return { caches: spread({ caches: start.caches, from, columns: S }), scores: tf.gather(start.scores, from) };
    });
    free(start);
    const first = tf.tidy(() => draw({ scores, drawing, ...chance(active) }));
    scores.dispose();
    let drawn = record(first);

    for (let done = 1; ; done++) {
      onToken?.(done, completions);
      if (done >= maxNewTokens || active.every((row) => row < 0 || completions[row]!.ended)) break;
      const open = active.filter((row) => row >= 0 && !completions[row]!.ended);
      const fewer = padded(open);
      if (fewer.length <= active.length / 2) {
        const from = fewer.map((row) => Math.max(0, active.indexOf(row)));
        const kept = tf.tidy(() => spread({ caches, from: tf.tensor1d(from, "int32"), columns: S }));
        free(caches);
        caches = kept;
        drawn = from.map((row) => drawn[row]!);
        active = fewer;
      }
      const lengths = active.map((row) => prompts[Math.max(row, 0)]!.length);
      const next = tf.tidy(() =>
        step({
          tokens: tf.tensor1d(drawn, "int32"),
          padding: tf.tensor1d(
            lengths.map((length) => P - length),
            "int32",
          ),
          column: tf.scalar(P + done - 1, "int32"),
          caches,
          drawing,
          ...chance(active),
        }),
      );
      free(caches);
      caches = next.caches;
      drawn = record(next.drawn);
    }
    free(caches);
    return completions;

    /** Appends what was drawn to the rows that are still open. */
    function record({ tokens, logProbs }: { tokens: tf.Tensor1D; logProbs: tf.Tensor1D }): number[] {
      const [ids, values] = [[...tokens.dataSync<"int32">()], logProbs.dataSync()];
      tf.dispose([tokens, logProbs]);
      active.forEach((row, i) => {
        const completion = completions[row];
        if (!completion || completion.ended) return;
        completion.ids.push(ids[i]!);
        completion.logProbs.push(values[i]!);
        completion.ended = ends.has(ids[i]!);
      });
      return ids;
    }
  };
}

/** Filled up with −1 to a power of two, so that few batch sizes are compiled. */
function padded(rows: number[]): number[] {
  const size = 2 ** Math.ceil(Math.log2(Math.max(1, rows.length)));
  return [...rows, ...Array<number>(size - rows.length).fill(-1)];
}

/** Scores after the last token of each prompt, and the keys and values of all its tokens. */
function prefillAll(prefill: ReturnType<typeof prefillOf>, prompts: number[][], P: number, pad: number): Prefilled {
  const parts: Prefilled[] = [];
  for (let at = 0; at < prompts.length; at += prefillRows) {
    const rows = prompts.slice(at, at + prefillRows);
    const filled = padded(rows.map((_, i) => i)).map((i) => rows[Math.max(i, 0)]!);
    const part = tf.tidy(() =>
      prefill({
        ids: tf.tensor2d(
          filled.map((ids) => [...Array<number>(P - ids.length).fill(pad), ...ids]),
          [filled.length, P],
          "int32",
        ),
        padding: tf.tensor1d(
          filled.map((ids) => P - ids.length),
          "int32",
        ),
      }),
    );
    parts.push(part);
  }
  if (parts.length === 1) return parts[0]!;
  const joined = tf.tidy(() => ({
    scores: tf.concat(parts.map((part) => part.scores)),
    caches: parts[0]!.caches.map((_, layer) => ({
      keys: tf.concat(parts.map((part) => part.caches[layer]!.keys)),
      values: tf.concat(parts.map((part) => part.caches[layer]!.values)),
    })),
  }));
  free(parts);
  return joined;
}

type Prefilled = {
  scores: tf.Tensor2D; // [U, V]
  caches: LayerCache[];
};

function prefillOf(model: Model, adapter: Adapter | null) {
  return ({ ids, padding }: { ids: tf.Tensor2D; padding: tf.Tensor1D }): Prefilled => {
    const [U, P] = ids.shape;
    const column = tf.range(0, P, 1, "int32");
    const first = padding.expandDims(1); // [U, 1]
    const positions = column.sub(first).maximum(tf.scalar(0, "int32")) as tf.Tensor2D; // [U, P]
    const later = column.expandDims(0).greater(column.expandDims(1)).expandDims(0); // [1, P, P]
    const absent = column.less(first).expandDims(1); // [U, 1, P]
    const bias = later.logicalOr(absent).toFloat().mul(-1e9).expandDims<tf.Tensor4D>(1); // [U, 1, P, P]
    const caches: LayerCache[] = [];
    const hidden = transformer(model, adapter, { ids, positions }, (_, q, keys, values) => {
      caches.push({ keys, values });
      return attention(q, keys, values, bias);
    });
    const last = tf.gather(hidden, tf.range(P - 1, U * P, P, "int32")); // [U, d]
    return { scores: logits(model, last), caches };
  };
}

/** Copies rows `from` of the caches, widened to `columns` columns. */
function spreadRows({
  caches,
  from,
  columns,
}: {
  caches: LayerCache[];
  from: tf.Tensor1D;
  columns: number;
}): LayerCache[] {
  const wide = (x: tf.Tensor4D) =>
    tf.pad(tf.gather(x, from), [
      [0, 0],
      [0, 0],
      [0, columns - x.shape[2]],
      [0, 0],
    ]);
  return caches.map(({ keys, values }) => ({ keys: wide(keys), values: wide(values) }));
}

type StepInput = Omit<DrawInput, "scores"> & {
  tokens: tf.Tensor1D; // [B] int32, drawn last
  padding: tf.Tensor1D; // [B] int32, columns before each prompt
  column: tf.Scalar; // int32, where the tokens stand
  caches: LayerCache[];
};

/** One token a row: writes its keys and values into the caches (in place) and draws the next. */
function stepOf(model: Model, adapter: Adapter | null) {
  return ({ tokens, padding, column, caches, ...drawing }: StepInput) => {
    const [B, G, S, D] = caches[0]!.keys.shape;
    const columns = tf.range(0, S, 1, "int32");
    const visible = columns.lessEqual(column).logicalAnd(columns.greaterEqual(padding.expandDims(1))); // [B, S]
    const bias = visible.toFloat().sub(1).mul(1e9).reshape<tf.Tensor4D>([B, 1, 1, S]);
    const at = tf.range(0, B * G * S, S, "int32").add(column) as tf.Tensor1D; // [B·G]
    const write = (cache: tf.Tensor4D, fresh: tf.Tensor4D) =>
      writeRows(cache.reshape([B * G * S, D]), at, fresh.reshape([B * G, D])).reshape<tf.Tensor4D>([B, G, S, D]);
    const grown: LayerCache[] = [];
    const attend: Attend = (layer, q, k, v) => {
      const keys = write(caches[layer]!.keys, k);
      const values = write(caches[layer]!.values, v);
      grown.push({ keys, values });
      return attention(q, keys, values, bias);
    };
    const sequence = {
      ids: tokens.expandDims<tf.Tensor2D>(1),
      positions: column.sub(padding).expandDims<tf.Tensor2D>(1),
    };
    const hidden = transformer(model, adapter, sequence, attend); // [B, d]
    return { caches: grown, drawn: draw({ scores: logits(model, hidden), ...drawing }) };
  };
}
