// What the methods ask of a language model: log-probabilities of scored tokens, under the adapter or without it.
import type { TokenBatch } from "./batches";
import { labelLogProbs } from "./engine/head";
import { tf } from "./engine/tensorflow";
import type { Adapter } from "./models/lora";
import { causal, type Model, transformer } from "./models/transformer";

/** log π(token | tokens before) of every scored token, in nats. → [N] */
export function tokenLogProbs(model: Model, adapter: Adapter | null, batch: TokenBatch): tf.Tensor1D {
  return labelLogProbs(scoredStates(model, adapter, batch), model.weights.head, batch.labels);
}

/** Hidden states that predict the scored tokens. → [N, d] */
export function scoredStates(model: Model, adapter: Adapter | null, batch: TokenBatch): tf.Tensor2D {
  return tf.gather(transformer(model, adapter, causal(batch.ids)).hidden, batch.scored);
}

/** log π(completion | prompt): the sum over each row's scored tokens, in nats. → [B] */
export function sequenceLogProbs(model: Model, adapter: Adapter | null, batch: TokenBatch): tf.Tensor1D {
  return sumByRow(tokenLogProbs(model, adapter, batch), batch);
}

/** Sums a value per scored token over its row. [N] → [B] */
export function sumByRow(values: tf.Tensor1D, { ids, rows }: TokenBatch): tf.Tensor1D {
  const owner = rows
    .expandDims(1)
    .equal(tf.range(0, ids.shape[0], 1, "int32"))
    .toFloat() as tf.Tensor2D; // [N, B]
  return tf.matMul(values.expandDims<tf.Tensor2D>(0), owner).flatten(); // [B]
}
