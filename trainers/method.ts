// A method is two functions: `batches` runs off the tape (rows, reference log-probabilities), `loss` runs on it.
// The loop pulls a batch, steps and disposes; see loop.ts.
import type { tf } from "./engine/tensorflow";
import type { MetricName } from "./metrics";
import type { Adapter } from "./models/lora";
import type { Model } from "./models/transformer";

export interface LossOutput {
  /** Mean over the batch. */
  loss: tf.Scalar;
  /** Means over the batch, each a scalar or a vector of which the mean is logged. */
  stats: Partial<Record<MetricName, tf.Tensor>>;
}

/** What every batch carries beside its tensors. */
export interface BatchInfo {
  /** What the batch weighs in its accumulation window: rows for preference losses, scored tokens for likelihoods. */
  weight: number;
  /** Tokens fed, padding not counted. */
  tokens: number;
}

export interface Context {
  model: Model;
  policy: Adapter | null;
  pad: number;
}

export interface Method<Batch extends tf.TensorContainerObject> {
  /** Endless training batches, from micro-batch `first` on. */
  batches(first: number): Generator<{ batch: Batch; info: BatchInfo }>;
  /** The held-out rows once. */
  heldOut(): Generator<{ batch: Batch; info: BatchInfo }>;
  loss(batch: Batch): LossOutput;
}
