// Contrastive Preference Optimization (Xu et al. 2024, arXiv 2401.08417): DPO without a reference, plus the chosen answers' likelihood.
import type { CpoConfig } from "../../../spec/methods/cpo";
import { tf } from "../../engine/tensorflow";
import { sumOfScored } from "../../inference/scored-tokens";
import { type AnswerTokens, chosenNll, halves, meanLogProbs, type PairOf, smoothed } from "../shared/answers";

/** Equation 7: −log σ(β log π(y_w) − β log π(y_l)) + α NLL(y_w); or SLiC's hinge, or IPO's square on means per token, in the first term. */
export function cpoLoss(
  policy: AnswerTokens,
  { beta, lossType, alpha, labelSmoothing: e }: CpoConfig["cpo"],
  perToken: tf.Scalar,
): { losses: tf.Tensor; rewards: PairOf<tf.Tensor1D>; logProbs: PairOf<tf.Tensor1D>; nll: tf.Tensor1D } {
  const logProbs = halves(lossType === "ipo" ? meanLogProbs(policy) : sumOfScored(policy.logProbs, policy)); // [B]
  const difference = logProbs.chosen.sub(logProbs.rejected);
  const margin = difference.mul(beta);
  const losses = {
    sigmoid: () => smoothed(margin, e),
    hinge: () => tf.relu(tf.scalar(1).sub(margin)),
    ipo: () => difference.sub(1 / (2 * beta)).square(),
  }[lossType](); // [B]
  const rewards = {
    chosen: logProbs.chosen.mul<tf.Tensor1D>(beta),
    rejected: logProbs.rejected.mul<tf.Tensor1D>(beta),
  };
  const nll = chosenNll(policy, perToken); // [B]
  return { losses: losses.add(nll.mul(alpha)), rewards, logProbs, nll };
}
