// REINFORCE leave-one-out (Ahmadian et al. 2024, arXiv 2402.14740): an answer is one action, and the mean reward of the others in its group is the baseline.
import { sum, whiten } from "../../../spec/statistics";
import type { tf } from "../../engine/tensorflow";
import { type PolicyLoss, policyLoss } from "../ppo/loss";

/**
 * Equation 8: each reward minus the mean of the others in its group. As in TRL 1.16 an answer without a reward is none of the others; it has no
 * advantage (null), and neither has one without others. [G][n] → [G][n]
 */
export const leaveOneOut = (groups: (number | null)[][]): (number | null)[][] =>
  groups.map((group) => {
    const rewards = group.filter((reward) => reward !== null);
    const total = sum(rewards);
    return group.map((reward) =>
      reward === null || rewards.length < 2 ? null : reward - (total - reward) / (rewards.length - 1),
    );
  });

/** Whitened over those that there are; none is 0. [G][n] → [G][n] */
export function whitenGiven(groups: (number | null)[][]): number[][] {
  const [white] = whiten([groups.flat().filter((advantage) => advantage !== null)]) as [number[]];
  const next = white.values();
  return groups.map((group) => group.map((advantage) => (advantage === null ? 0 : next.next().value!)));
}

/** PPO's loss with the whole answer as the action; on the policy that sampled it its gradient is REINFORCE's. [B] each */
export const rlooLoss = (
  logProbs: tf.Tensor1D,
  sampled: { logProbs: tf.Tensor1D; advantages: tf.Tensor1D },
  { epsilon }: { epsilon: number },
): PolicyLoss => policyLoss(logProbs, sampled, { cliprange: epsilon, dualClip: null, logRatioClamp: 20 });
