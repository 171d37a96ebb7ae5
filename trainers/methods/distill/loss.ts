// Distillation: the mean divergence of student and teacher over the scored tokens; the divergence itself in engine/divergence.ts.
import type { tf } from "../../engine/tensorflow";

/** Mean of D(teacher ‖ student) over the tokens that `mask` scores, in nats per token (Agarwal et al. 2024, algorithm 1). Both [B, T] → scalar */
export function distillationLoss(divergence: tf.Tensor2D, mask: tf.Tensor2D): tf.Scalar {
  return divergence.mul(mask).sum().div(mask.sum()) as tf.Scalar;
}
