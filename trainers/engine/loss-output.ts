// What a loss gives back: its value, and what it measured on the way.
import type { MeasuredName } from "../../spec/metrics/catalogue";
import { tf } from "./tensorflow";

export interface LossOutput {
  /** Mean over the batch. */
  loss: tf.Scalar;
  stats: Partial<Record<MeasuredName, Average>>;
  /** Measured on held-out rows only. `loss` is each row's own, whose spread gives the mean its interval. */
  heldOut?: Partial<Record<MeasuredName, Average>>;
}

/** A mean over all batches of a step is made of these; names in min_ and max_ take the least and the largest sum instead. */
export interface Average {
  sum: tf.Tensor; // scalar
  count: tf.Tensor; // scalar
  /** Of the values' squares, from which a standard error is read. */
  squares: tf.Tensor; // scalar
}

/** Mean of all values, or of those that `mask` marks with 1. */
export const maskedMean = (values: tf.Tensor, mask?: tf.Tensor): Average =>
  mask
    ? { sum: values.mul(mask).sum(), count: mask.sum(), squares: values.square().mul(mask).sum() }
    : { sum: values.sum(), count: tf.scalar(values.size), squares: values.square().sum() };
