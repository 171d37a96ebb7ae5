// Reward modelling on pairs: Bradley and Terry 1952, with the margins of Llama 2 (Touvron et al. 2023, arXiv 2307.09288, equation 2)
// and the centring of Eisenstein et al. 2023 (arXiv 2312.09244).
import type { tf } from "../../engine/tensorflow";
import { type PairOf, smoothed } from "../shared/answers";

/** −log σ(r_w − r_l − m) + c (r_w + r_l)²; where a label is wrong with probability ε, its mirror image counts ε. All [B] → [B] */
export function rewardLosses(
  { chosen, rejected }: PairOf<tf.Tensor1D>,
  margin: tf.Tensor1D,
  labelFlips: tf.Tensor1D | null,
  { centerRewardsCoefficient }: { centerRewardsCoefficient: number },
): tf.Tensor1D {
  const likelihood = smoothed(chosen.sub(rejected).sub(margin), labelFlips ?? 0); // [B]
  if (centerRewardsCoefficient === 0) return likelihood as tf.Tensor1D;
  return likelihood.add(chosen.add(rejected).square().mul(centerRewardsCoefficient));
}
