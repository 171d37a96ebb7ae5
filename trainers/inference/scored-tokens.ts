import type { tf } from "../engine/tensorflow";

/** Sums a value per token over the scored tokens of each answer. [n·B, C] → [n·B] */
export const sumOfScored = (values: tf.Tensor2D, { mask }: { mask: tf.Tensor2D }): tf.Tensor1D =>
  values.mul(mask).sum(1);
