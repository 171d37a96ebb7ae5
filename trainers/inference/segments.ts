// Attention between segments. A sequence is cut into segments; the queries of each attend to the keys of some segments under a bias.

import type { Past } from "../engine/adapter";
import { attention } from "../engine/attention";
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "../models/config";
import type { Attend, Model } from "../models/model";
import type { TokenBatch } from "./batches";

/** Plain causal attention over right-padded rows: padding follows every token it could disturb. */
export const causal =
  ({ windows, attentionSoftCap: softCap }: ModelConfig): Attend =>
  (layer, q, k, v) =>
    attention(q, k, v, causalBias(q.shape[2], windows?.[layer] ?? null), { softCap });

/** Of models that have none. */
export const noAttention: Attend = () => {
  throw new Error("a state-space model has no attention");
};

/** The prompt attends to itself, each answer to its prompt's tokens and itself: exactly as if every answer stood alone after it. */
export function promptAndAnswers(
  { layout, promptLengths }: Pick<TokenBatch, "layout" | "promptLengths">,
  { config, recompute }: Model,
  past: Past[] | null = null,
): Attend {
  const { prompt: P, answers: n, answer: C } = layout;
  const widths = [P, ...Array<number>(n).fill(C)];
  const prompt = tf.range(0, P, 1, "int32").expandDims(0); // [1, P]
  const answer = promptLengths.expandDims(1).add(tf.range(0, C, 1, "int32")); // [B, C]
  const withPast = (bias: tf.Tensor4D, positions: tf.Tensor, window: number | null) =>
    past ? tf.concat4d([pastBias(past, positions, window), bias], 3) : bias;
  const biases = ofEachWindow(config, (window) => ({
    prompt: withPast(causalBias(P, window), prompt, window), // [1, 1, P, P], as for the next with p keys more behind p virtual tokens
    answer: withPast(answerBias(layout, promptLengths, window), answer, window), // [B, 1, C, P + C]
  }));
  const options = { keepProbabilities: recompute !== "attention", softCap: config.attentionSoftCap };
  return (layer, q, k, v) => {
    const bias = biases(layer);
    const [queries, ownKeys, ownValues] = [q, k, v].map((x) => tf.split(x, widths, 2)) as [Parts, Parts, Parts];
    const [keys, values] = past
      ? [
          ownKeys.with(0, behind(past[layer]!.keys, ownKeys[0]!)),
          ownValues.with(0, behind(past[layer]!.values, ownValues[0]!)),
        ]
      : [ownKeys, ownValues];
    const mixed = queries.map((query, i) =>
      i === 0
        ? attention(query, keys[0]!, values[0]!, bias.prompt, options)
        : attention(
            query,
            tf.concat4d([keys[0]!, keys[i]!], 2),
            tf.concat4d([values[0]!, values[i]!], 2),
            bias.answer,
            options,
          ),
    );
    return tf.concat4d(mixed, 2); // [B, H, T, D]
  };
}
type Parts = tf.Tensor4D[];

/** `x` [B, G, S, D] with what stands before every row. */
export function behind(past: tf.Tensor4D, x: tf.Tensor4D): tf.Tensor4D {
  const everyRow = tf.add<tf.Tensor4D>(tf.zeros([x.shape[0], 1, 1, 1]), past); // the gradient of tf.tile would have as many ops as there are rows
  return tf.concat4d([everyRow, x], 2);
}

/** What tokens at positions of their row [B or 1, T] see of p tokens before it. → [B or 1, 1, T, p] */
export function pastBias([first]: Past[], positions: tf.Tensor, window: number | null): tf.Tensor4D {
  const p = first!.keys.shape[2];
  const distance = positions
    .add(tf.scalar(p, "int32"))
    .expandDims(2)
    .sub(tf.range(0, p, 1, "int32")); // [B, T, p]
  const hidden = distance.greaterEqual(tf.scalar(window ?? 2 ** 30, "int32"));
  return biasOf(hidden).expandDims<tf.Tensor4D>(1);
}

/** What `make` makes of a layer's window, once for all layers that have the same. */
export function ofEachWindow<T>({ windows }: ModelConfig, make: (window: number | null) => T): (layer: number) => T {
  const made = new Map([...new Set(windows ?? [null])].map((window) => [window, make(window)]));
  return (layer) => made.get(windows?.[layer] ?? null)!;
}

/** What an answer's tokens see of their prompt, and of themselves. → [B, 1, C, P + C] */
function answerBias(
  { rows: B, prompt: P, answer: C }: TokenBatch["layout"],
  promptLengths: tf.Tensor1D,
  window: number | null,
): tf.Tensor4D {
  const key = tf.range(0, P, 1, "int32"); // [P]
  const length = promptLengths.reshape([B, 1, 1]);
  const padding = tf.tile(key.greaterEqual(length), [1, C, 1]); // [B, C, P]
  const query = length.add(tf.range(0, C, 1, "int32").expandDims(1)); // [B, C, 1]
  const hidden = window === null ? padding : padding.logicalOr(query.sub(key).greaterEqual(window));
  return tf.concat4d([biasOf(hidden).expandDims<tf.Tensor4D>(1), tf.tile(causalBias(C, window), [B, 1, 1, 1])], 3);
}

/** 0 where a query may look (itself and before, as far as the window goes), −1e9 where not. → [1, 1, T, T] */
function causalBias(T: number, window: number | null): tf.Tensor4D {
  const index = tf.range(0, T, 1, "int32");
  const distance = index.expandDims(1).sub(index.expandDims(0)); // [T, T], query − key
  const later = distance.less(0);
  return biasOf(window === null ? later : later.logicalOr(distance.greaterEqual(window))).reshape([1, 1, T, T]);
}

/** −1e9 where a key is hidden from a query. */
export const biasOf = (hidden: tf.Tensor): tf.Tensor => hidden.toFloat().mul(-1e9);
