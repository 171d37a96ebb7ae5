// Direct Preference Optimization, Rafailov et al. 2023, arXiv 2305.18290.
import { tf } from "../engine/tensorflow";

/** log π(y | x) of chosen and rejected answers, summed over the answer's tokens, in nats. */
export interface PairLogProbs {
  chosen: tf.Tensor1D; // [B]
  rejected: tf.Tensor1D; // [B]
}

export interface PairLoss {
  losses: tf.Tensor1D; // [B]
  /** β log π/π_ref, equation 5 up to the partition function. */
  chosenRewards: tf.Tensor1D; // [B]
  rejectedRewards: tf.Tensor1D; // [B]
}

/** Equation 7: −log σ(β log π(y_w)/π_ref(y_w) − β log π(y_l)/π_ref(y_l)). log 2 where policy and reference agree. */
export function dpoLoss(policy: PairLogProbs, reference: PairLogProbs, { beta }: { beta: number }): PairLoss {
  const chosenRewards = policy.chosen.sub(reference.chosen).mul(beta) as tf.Tensor1D; // [B]
  const rejectedRewards = policy.rejected.sub(reference.rejected).mul(beta) as tf.Tensor1D; // [B]
  const margin = chosenRewards.sub(rejectedRewards); // [B]
  return { losses: tf.softplus(margin.neg()) as tf.Tensor1D, chosenRewards, rejectedRewards }; // softplus(−x) = −log σ(x)
}
