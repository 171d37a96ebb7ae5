// SimPO (Meng et al. 2024, arXiv 2405.14734): no reference, rewards are mean log-probabilities, and the margin has a target.
import type { SimpoConfig } from "../../../spec/methods/simpo";
import { tf } from "../../engine/tensorflow";
import { type AnswerTokens, chosenNll, halves, meanLogProbs, type PairOf, smoothed } from "../shared/answers";

/**
 * Equation 6: −log σ(β (p̄_w − p̄_l) − γ), p̄ the mean log-probability of an answer's tokens, plus `sftWeight` times the chosen answers' NLL.
 * `alpha` > 0 is AlphaPO (Gupta et al. 2025, arXiv 2501.03884): rewards (1 − π^(−α))/α, which fall to p̄ as α → 0.
 */
export function simpoLoss(
  policy: AnswerTokens,
  { beta, gamma, alpha, sftWeight, labelSmoothing: e }: SimpoConfig["simpo"],
  perToken: tf.Scalar,
): { losses: tf.Tensor; rewards: PairOf<tf.Tensor1D>; nll: tf.Tensor1D } {
  const p = meanLogProbs(policy); // [2B]
  const shaped = alpha === 0 ? p : tf.scalar(1).sub(p.mul(-alpha).exp()).div(alpha);
  const rewards = halves(shaped.mul<tf.Tensor1D>(beta)); // [B]
  const margin = rewards.chosen.sub(rewards.rejected).sub(gamma);
  const nll = chosenNll(policy, perToken); // [B]
  return { losses: smoothed(margin, e).add(nll.mul(sftWeight)), rewards, nll };
}
