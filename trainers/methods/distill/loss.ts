// Distillation: the mean divergence of student and teacher over the scored tokens; the divergence itself in engine/divergence.ts. On completions of
// the student MiniLLM (Gu et al. 2024, arXiv 2306.08543) adds a policy gradient, as TRL 1.12 computes it.
import type { DistillConfig } from "../../../spec/methods/distill";
import { withoutGradient } from "../../engine/ops";
import { tf } from "../../engine/tensorflow";

/** Mean of D(teacher ‖ student) over the tokens that `mask` scores, in nats per token (Agarwal et al. 2024, algorithm 1). Both [B, T] → scalar */
export function distillationLoss(divergence: tf.Tensor2D, mask: tf.Tensor2D): tf.Scalar {
  return divergence.mul(mask).sum().div(mask.sum()) as tf.Scalar;
}

type Discount = Pick<DistillConfig["distill"], "gamma" | "lengthNormalization">;

/**
 * What a token does for the rest of the completion: R_t = Σ_{i≥t} γ^(i−t) r_i with r_i = log p(y_i) − log q(y_i) of teacher p and student q (Gu et al.
 * 2024, equation 2, where γ is 1). Long completions have smaller rewards, so with `lengthNormalization` R_t is the weighted mean of what it is the
 * sum of (section 2.2). Without a gradient. All [B, T]
 */
export function advantagesOf(
  student: tf.Tensor2D,
  teacher: tf.Tensor2D,
  mask: tf.Tensor2D,
  { gamma, lengthNormalization }: Discount,
): tf.Tensor2D {
  const rewards: tf.Tensor2D = withoutGradient(teacher.sub<tf.Tensor2D>(student)).mul(mask);
  if (gamma === 0) return rewards;
  const discounts = discountsLike(mask, gamma);
  const sums: tf.Tensor2D = tf.matMul(rewards, discounts);
  if (!lengthNormalization) return sums.mul(mask);
  const lengths = tf.matMul(mask, discounts).maximum(1); // 1 or more wherever a token is scored
  return sums.div(lengths).mul(mask);
}

/** γ^(i−t) in row i, column t, where i ≥ t; else 0. mask [B, T] → [T, T] */
function discountsLike(mask: tf.Tensor2D, gamma: number): tf.Tensor2D {
  const places = tf.onesLike(mask.slice([0, 0], [1, -1])).cumsum<tf.Rank.R2>(1); // [1, T]
  const apart = places.transpose().sub(places); // [T, T]
  return apart.relu().mul(Math.log(gamma)).exp().mul(apart.greaterEqual(0).toFloat());
}

/**
 * The policy gradient's part, a mean over the scored tokens: −R_t q(y_t) / q_old(y_t), whose ratio is 1 and whose gradient is −R_t ∇log q(y_t) (Gu et
 * al. 2024, equation 2 without its baseline of 1). The step itself, KL(q ‖ p) at the position, is exact in the divergence (equation 3); as in TRL R_t holds
 * its sample too. Both [B, T] → scalar
 */
export function policyGradientLoss(student: tf.Tensor2D, advantages: tf.Tensor2D, mask: tf.Tensor2D): tf.Scalar {
  const ratio = student.sub<tf.Tensor2D>(withoutGradient(student)).exp<tf.Tensor2D>();
  return distillationLoss(ratio.mul<tf.Tensor2D>(advantages).neg(), mask);
}
