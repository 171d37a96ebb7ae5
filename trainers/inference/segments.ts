// Attention between segments. A sequence is cut into segments; the queries of each attend to the keys of some segments.

import type { Past } from "../engine/adapter";
import type { Sight } from "../engine/attention";
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "../models/config";
import type { Attend, Model } from "../models/model";
import type { TokenBatch } from "./batches";
import { attentionUnder, computedFor, ofEachWindow, places, placesBehind, unlessHidden } from "./sight";

/** Plain causal attention over right-padded rows: padding follows every token it could disturb. */
export const causal =
  ({ windows, attentionSoftCap: softCap }: ModelConfig): Attend =>
  (layer, q, k, v) => {
    const every = places(0, q.shape[2]);
    const sight = { queries: every, keys: every, window: windows?.[layer] ?? null };
    return attentionUnder(sight, { blocked: false, softCap })(q, k, v);
  };

/** Of models that have none. */
export const noAttention: Attend = () => {
  throw new Error("a state-space model has no attention");
};

/** The prompt attends to itself, each answer to its prompt's tokens and itself: exactly as if every answer stood alone after it. */
export function promptAndAnswers(
  { layout, promptLengths }: Pick<TokenBatch, "layout" | "promptLengths">,
  model: Model,
  past: Past[] | null = null,
): Attend {
  const { prompt: P, answers: n, answer: C } = layout;
  const widths = [P, ...Array<number>(n).fill(C)];
  const before = virtualCount(past);
  const [prompt, answer] = [promptSight(P, before), answerSight(layout, promptLengths, before)];
  const computed = computedFor(model);
  const attentions = ofEachWindow(model.config, (window) => ({
    prompt: attentionUnder({ ...prompt, window }, computed),
    answer: attentionUnder({ ...answer, window }, computed),
  }));
  return (layer, q, k, v) => {
    const attend = attentions(layer);
    const [queries, ownKeys, ownValues] = [q, k, v].map((x) => tf.split(x, widths, 2)) as [Parts, Parts, Parts];
    const [keys, values] = past
      ? [
          ownKeys.with(0, behind(past[layer]!.keys, ownKeys[0]!)),
          ownValues.with(0, behind(past[layer]!.values, ownValues[0]!)),
        ]
      : [ownKeys, ownValues];
    const mixed = queries.map((query, i) =>
      i === 0
        ? attend.prompt(query, keys[0]!, values[0]!)
        : attend.answer(query, tf.concat4d([keys[0]!, keys[i]!], 2), tf.concat4d([values[0]!, values[i]!], 2)),
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

/** Tokens that stand before every row, at places below 0. */
export const virtualCount = (past: Past[] | null): number => (past ? past[0]!.keys.shape[2] : 0);

type Places = Omit<Sight, "window">;

const promptSight = (P: number, before: number): Places => ({
  queries: places(0, P),
  keys: placesBehind(before, places(0, P)),
});

/** What an answer's tokens see of what is before, of their prompt, and of themselves. */
function answerSight(
  { rows: B, prompt: P, answer: C }: TokenBatch["layout"],
  promptLengths: tf.Tensor1D,
  before: number,
): Places {
  const length = promptLengths.expandDims(1); // [B, 1]
  const queries = length.add<tf.Tensor2D>(places(0, C)); // [B, C]
  const prompt = tf.tile(places(0, P), [B, 1]) as tf.Tensor2D; // [B, P]
  const shared = unlessHidden(prompt, prompt.greaterEqual(length));
  return { queries, keys: placesBehind(before, tf.concat2d([shared, queries], 1)) };
}
