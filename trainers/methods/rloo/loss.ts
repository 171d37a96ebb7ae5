// REINFORCE leave-one-out (Ahmadian et al. 2024, arXiv 2402.14740): an answer is one action, and the mean reward of the others in its group is the baseline.
import type { tf } from "../../engine/tensorflow";
import { type PolicyLoss, policyLoss } from "../ppo/loss";

/** Equation 8: each reward minus the mean of the others in its group. [G][n] → [G][n] */
export const leaveOneOut = (groups: number[][]): number[][] =>
  groups.map((rewards) => {
    const sum = rewards.reduce((a, b) => a + b, 0);
    return rewards.map((reward) => reward - (sum - reward) / (rewards.length - 1));
  });

/** PPO's loss with the whole answer as the action; on the policy that sampled it its gradient is REINFORCE's. [B] each */
export const rlooLoss = (
  logProbs: tf.Tensor1D,
  sampled: { logProbs: tf.Tensor1D; advantages: tf.Tensor1D },
  { epsilon }: { epsilon: number },
): PolicyLoss => policyLoss(logProbs, sampled, { cliprange: epsilon, dualClip: null, logRatioClamp: 20 });
