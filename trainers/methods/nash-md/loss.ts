// Nash-MD by policy gradient (Munos et al. 2024, arXiv 2312.00886), as TRL 1.12 computes it.
import { withoutGradient } from "../../engine/ops";
import type { tf } from "../../engine/tensorflow";
import { sumOfScored } from "../../inference/scored-tokens";

interface Answers {
  logProbs: tf.Tensor2D; // [B, C]
  mask: tf.Tensor2D; // [B, C]
}

/**
 * Of each answer y, sampled by the policy: β Σ_t log(π/π_ref)(y_t) log π(y_t) − (P(y ≻ y′) − ½) log π(y), the first factors without a gradient. A
 * token's own log-ratio and not the whole answer's stands before its log π, so the gradient is that of the KL at each position, given the
 * tokens before. `kl` is Σ_t log(π/π_ref)(y_t). `probabilities` are P(y ≻ y′). [B] each
 */
export function nashMdLosses(
  { logProbs, mask }: Answers,
  reference: tf.Tensor2D,
  probabilities: tf.Tensor1D,
  { beta }: { beta: number },
): { losses: tf.Tensor1D; kl: tf.Tensor1D } {
  const logRatios = withoutGradient(logProbs.sub<tf.Tensor2D>(reference));
  const penalty = sumOfScored(logRatios.mul(logProbs), { mask }).mul<tf.Tensor1D>(beta);
  const score = sumOfScored(logProbs, { mask }).mul<tf.Tensor1D>(probabilities.sub(0.5)); // ½ is a control variate
  return { losses: penalty.sub(score), kl: sumOfScored(logRatios, { mask }) };
}
