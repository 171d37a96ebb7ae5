// Advantages of REINFORCE++ (Hu et al. 2025, arXiv 2501.03262), in plain numbers with an array per answer. The loss is PPO's.
import { mean, whiten } from "../../../spec/statistics";
import { withGiven, withoutGiven } from "../../rewards/answered";
import type { Rollout } from "../shared/rollout";

/** −β KL of each token, the log-ratio to the reference being its KL, and the score on the last. */
export const tokenRewards = (score: number, kl: number[], beta: number): number[] =>
  kl.map((nats, t) => (t === kl.length - 1 ? score : 0) - beta * nats);

/** Equation 8: what is earned from each token to the end, A_t = r − β Σ_{i ≥ t} KL(i). */
function toCome(rewards: number[]): number[] {
  let earned = 0;
  const backwards = rewards.toReversed().map((reward) => {
    earned += reward;
    return earned;
  });
  return backwards.reverse();
}

/**
 * Equation 10: less their mean over all tokens of the update, over their standard deviation. With the baseline `group` the scores of a prompt's
 * answers are first compared with their mean. Tokens that an environment gave count for nothing.
 */
export function normalizedAdvantages(
  groups: Pick<Rollout, "score" | "abstained" | "kl" | "episode">[][],
  { baseline, beta }: { baseline: "batch" | "group"; beta: number },
): number[][] {
  const earned = groups.flatMap((group) => {
    const scored = group.filter(({ abstained }) => !abstained);
    const middle = baseline === "group" && scored.length > 0 ? mean(scored.map(({ score }) => score)) : 0;
    return group.map((row) => {
      const score = row.abstained ? 0 : row.score - middle;
      return withoutGiven(row, toCome(tokenRewards(score, row.kl, beta)));
    });
  });
  const answers = groups.flat();
  return whiten(earned).map((row, i) => withGiven(answers[i]!, row));
}
