// What the methods ask of a language model: log-probabilities of answers, under the adapter or without it.
import type { TokenBatch } from "./batches";
import { labelLogProbs } from "./engine/head";
import { tf } from "./engine/tensorflow";
import type { Adapter } from "./models/lora";
import { promptAndAnswers } from "./models/segments";
import { type Model, transformer } from "./models/transformer";

/** log π(token | tokens before) at every answer position, in nats; positions outside `batch.mask` hold no meaning. → [n·B, C] */
export function tokenLogProbs(model: Model, adapter: Adapter | null, batch: TokenBatch): tf.Tensor2D {
  const logProbs = labelLogProbs(answerStates(model, adapter, batch), model.weights.head, batch.labels); // [n·B·C]
  return logProbs.reshape(batch.mask.shape);
}

/** Hidden states that predict the answers' tokens. → [n·B·C, d] */
export function answerStates(model: Model, adapter: Adapter | null, batch: TokenBatch): tf.Tensor2D {
  const attend = promptAndAnswers(batch, model.recompute !== "attention");
  return tf.gather(transformer(model, adapter, batch, attend), batch.states);
}

/** log π(answer | prompt): the sum over each answer's scored tokens, in nats; answer 0 of every row first. → [n·B] */
export function sequenceLogProbs(model: Model, adapter: Adapter | null, batch: TokenBatch): tf.Tensor1D {
  return sumOfScored(tokenLogProbs(model, adapter, batch), batch);
}

/** Sums a value per token over the scored tokens of each answer. [n·B, C] → [n·B] */
export function sumOfScored(values: tf.Tensor2D, { mask }: TokenBatch): tf.Tensor1D {
  return values.mul(mask).sum(1);
}
