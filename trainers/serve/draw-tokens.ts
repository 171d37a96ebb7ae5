// The next token of each of some sequences, drawn from their logits: every sequence has a temperature, truncation and penalties of its own.
import { groupBy } from "../../common/group-by";
import { tf } from "../engine/tensorflow";
import { draw } from "../inference/draw";
import type { Drawing, TokenLogProb } from "./sequence";

export interface Drawer {
  drawing: Drawing;
  /** Uniform numbers of its stream. */
  random: () => number;
  /** Of the answer so far. */
  answer: number[];
  top: number | null;
}

export interface DrawnToken {
  id: number;
  scored: TokenLogProb | null;
}

/** logits [N, V], a row for each of `drawers`. */
export function drawTokens(logits: tf.Tensor2D, drawers: Drawer[]): DrawnToken[] {
  const ids = tf.tidy(() => {
    const adjusted = withPenalties(logits, drawers);
    const drawn = Array<number>(drawers.length);
    for (const rows of alike(drawers)) {
      const { temperature, topK, topP } = drawers[rows[0]!]!.drawing;
      const scores = rows.length === drawers.length ? adjusted : tf.gather(adjusted, tf.tensor1d(rows, "int32"));
      const { tokens } = draw({
        scores,
        uniforms: tf.tensor1d(rows.map((row) => drawers[row]!.random())),
        temperature: tf.scalar(temperature || 1),
        drawing: { greedy: temperature === 0, topK, topP },
      });
      tokens.dataSync<"int32">().forEach((id, i) => {
        drawn[rows[i]!] = id;
      });
    }
    return drawn;
  });
  const asked = drawers.flatMap(({ top }, row) => (top === null ? [] : [row]));
  if (asked.length === 0) return ids.map((id) => ({ id, scored: null }));
  const most = Math.max(...asked.map((row) => drawers[row]!.top!));
  const scored = tf.tidy(() =>
    scoredTokens(
      tf.gather(logits, tf.tensor1d(asked, "int32")),
      asked.map((row) => ids[row]!),
      most,
    ),
  );
  return ids.map((id, row) => {
    const { top } = drawers[row]!;
    if (top === null) return { id, scored: null };
    const own = scored[asked.indexOf(row)]!;
    return { id, scored: { ...own, top: own.top.slice(0, top) } };
  });
}

/** How likely the logits [N, V] make `ids`, and the `top` likeliest tokens of each row. */
export function scoredTokens(logits: tf.Tensor2D, ids: number[], top: number): TokenLogProb[] {
  return tf.tidy(() => {
    const logSum = tf.logSumExp(logits, -1).dataSync(); // [N]
    const own = tf.gather(logits, tf.tensor2d(ids, [ids.length, 1], "int32"), 1, 1).dataSync(); // [N]
    const { values, indices } = tf.topk(logits, Math.max(1, Math.min(top, logits.shape[1]))); // [N, top]
    const [likeliest, names] = [values.arraySync() as number[][], indices.arraySync() as number[][]];
    return ids.map((id, row) => ({
      id,
      logProb: own[row]! - logSum[row]!,
      top: names[row]!.slice(0, top).map((name, i) => [name, likeliest[row]![i]! - logSum[row]!] as [number, number]),
    }));
  });
}

/** Rows that are drawn in one call. */
const alike = (drawers: Drawer[]): number[][] => {
  const kind = (row: number) => {
    const { temperature, topK, topP } = drawers[row]!.drawing;
    return `${temperature}/${topK}/${topP}`;
  };
  return [...groupBy([...drawers.keys()], kind).values()];
};

/** logit + bias − presence penalty − frequency penalty · times, as OpenAI and vLLM count: over the answer, not the prompt. */
function withPenalties(logits: tf.Tensor2D, drawers: Drawer[]): tf.Tensor2D {
  const isPlain = ({ bias, frequencyPenalty, presencePenalty }: Drawing) =>
    bias.size === 0 && frequencyPenalty === 0 && presencePenalty === 0;
  if (drawers.every(({ drawing }) => isPlain(drawing))) return logits;
  const [N, V] = logits.shape;
  const added = new Float32Array(N * V);
  drawers.forEach(({ drawing: { bias, frequencyPenalty, presencePenalty }, answer }, row) => {
    for (const [id, value] of bias) added[row * V + id]! += value;
    for (const id of answer) added[row * V + id]! -= frequencyPenalty;
    for (const id of new Set(answer)) added[row * V + id]! -= presencePenalty;
  });
  return logits.add(tf.tensor2d(added, [N, V]));
}
