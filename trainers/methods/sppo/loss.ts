// Self-play preference optimisation (Wu et al. 2024, arXiv 2405.00675).
import type { tf } from "../../engine/tensorflow";

/**
 * Algorithm 1's square of each answer: (log π/π_t − η (P̂(y ≻ π_t) − ½))², in which η = 1/β and π_t is the policy that sampled. `logRatio` is the
 * whole answer's. [B] each
 */
export function sppoLosses(logRatio: tf.Tensor1D, winRates: tf.Tensor1D, { beta }: { beta: number }): tf.Tensor1D {
  return logRatio.sub<tf.Tensor1D>(winRates.sub(0.5).div(beta)).square();
}
