// Attention between segments. A sequence is cut into segments; the queries of each attend to the keys of some segments under a bias.

import { attention } from "../engine/attention";
import { tf } from "../engine/tensorflow";
import type { Attend } from "../models/model";
import type { TokenBatch } from "./batches";

/** Plain causal attention over right-padded rows: padding follows every token it could disturb. */
export const causal: Attend = (_, q, k, v) => attention(q, k, v, causalBias(q.shape[2]));

/** The prompt attends to itself, each answer to its prompt's tokens and itself: exactly as if every answer stood alone after it. */
export function promptAndAnswers({ layout, promptLengths }: TokenBatch, keepProbabilities: boolean): Attend {
  const { rows: B, prompt: P, answers: n, answer: C } = layout;
  const hidden = tf.range(0, P, 1, "int32").greaterEqual(promptLengths.expandDims(1)); // [B, P]
  const promptBias = tf.tile(hidden.toFloat().mul(-1e9).reshape<tf.Tensor4D>([B, 1, 1, P]), [1, 1, C, 1]); // [B, 1, C, P]
  const answerBias = tf.concat4d([promptBias, tf.tile(causalBias(C), [B, 1, 1, 1])], 3); // [B, 1, C, P + C]
  const promptCausal = causalBias(P);
  const widths = [P, ...Array<number>(n).fill(C)];
  return (_, q, k, v) => {
    const [queries, keys, values] = [q, k, v].map((x) => tf.split(x, widths, 2)) as [Parts, Parts, Parts];
    const mixed = queries.map((query, i) =>
      i === 0
        ? attention(query, keys[0]!, values[0]!, promptCausal, keepProbabilities)
        : attention(
            query,
            tf.concat4d([keys[0]!, keys[i]!], 2),
            tf.concat4d([values[0]!, values[i]!], 2),
            answerBias,
            keepProbabilities,
          ),
    );
    return tf.concat4d(mixed, 2); // [B, H, T, D]
  };
}
type Parts = tf.Tensor4D[];

/** 0 where a query may look (itself and before), −1e9 where not. → [1, 1, T, T] */
function causalBias(T: number): tf.Tensor4D {
  const index = tf.range(0, T, 1, "int32");
  const later = index.expandDims(0).greater(index.expandDims(1)); // [T, T]
  return later.toFloat().mul(-1e9).reshape([1, 1, T, T]);
}
