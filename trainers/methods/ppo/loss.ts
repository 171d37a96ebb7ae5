// Proximal Policy Optimization (Schulman et al. 2017, arXiv 1707.06347): a rollout's scores become advantages and returns, in plain
// numbers with an array per answer; then the clipped losses of policy and values over sampled tokens.
import type { PpoConfig } from "../../../spec/methods/ppo";
import { explainedVariance, mean, sum, whiten } from "../../../spec/statistics";
import { tf } from "../../engine/tensorflow";
import { ownLength, withGiven, withoutGiven } from "../../rewards/answered";
import { tokenRewards } from "../../rewards/step-rewards";
import type { Rollout, Rollouts } from "../shared/rollout";

/** Generalised advantage estimation (Schulman et al. 2016, arXiv 1506.02438, equation 16); returns are advantages + values. */
export function generalizedAdvantages(
  rewards: number[],
  values: number[],
  { gamma, lam }: { gamma: number; lam: number },
): { advantages: number[]; returns: number[] } {
  const advantages = new Array<number>(rewards.length);
  let [advantage, nextValue] = [0, 0]; // the value after the last token is 0
  for (let t = rewards.length - 1; t >= 0; t--) {
    const delta = rewards[t]! + gamma * nextValue - values[t]!; // equation 12
    advantage = delta + gamma * lam * advantage;
    [advantages[t], nextValue] = [advantage, values[t]!];
  }
  return { advantages, returns: advantages.map((a, t) => a + values[t]!) };
}

/** KL coefficient that seeks a target KL (Ziegler et al. 2019, arXiv 1909.08593, section 2.2): by `count` samples towards `target`. */
export function adaptedKl(
  coefficient: number,
  kl: number,
  count: number,
  { target, horizon }: { target: number; horizon: number },
): number {
  const error = Math.min(0.2, Math.max(-0.2, kl / target - 1));
  return coefficient * (1 + (error * count) / horizon);
}

/** An answer with reward, advantage and return of each of its tokens. */
export type Estimated = Rollout & { rewards: number[]; advantages: number[]; returns: number[] };

/**
 * Per-token rewards, with the score on the last token, and from them advantages and returns. With process supervision a step's reward stands on
 * its last token, as in Math-Shepherd's step-by-step PPO (Wang et al. 2024, arXiv 2312.08935).
 */
export function estimated(
  { rows, stats }: Rollouts,
  klCoefficient: number,
  ppo: Pick<PpoConfig["ppo"], "gamma" | "lam" | "whitenRewards" | "whitenAdvantages">,
): { rows: Estimated[]; stats: Rollouts["stats"] } {
  // What an environment gave is no action: the estimates go from one token of the model's to its next.
  const penalties = rows.map((row) => withoutGiven(row, row.kl).map((value) => -klCoefficient * value));
  const values = rows.map((row) => withoutGiven(row, row.values));
  const earned = rows.map((row) => withoutGiven(row, tokenRewards(row.outcome, row.steps, row.kl.length)));
  const placed = penalties.map((row, i) => row.map((penalty, t) => penalty + earned[i]![t]!));
  const rewards = ppo.whitenRewards ? whiten(placed, true) : placed;
  const estimates = rewards.map((row, i) => generalizedAdvantages(row, values[i]!, ppo));
  const own = estimates.map(({ advantages }, i) => advantages.slice(0, ownLength(rows[i]!)));
  const advantages = ppo.whitenAdvantages ? whiten(own) : own;
  const within = (column: (i: number) => number[]) => rows.flatMap((row, i) => column(i).slice(0, ownLength(row)));
  const [predicted, found] = [within((i) => values[i]!), within((i) => estimates[i]!.returns)];
  return {
    rows: rows.map((row, i) => ({
      ...row,
      rewards: withGiven(row, rewards[i]!),
      advantages: withGiven(row, advantages[i]!),
      returns: withGiven(row, estimates[i]!.returns),
    })),
    stats: {
      ...stats,
      "val/explained_variance": explainedVariance(predicted, found),
      "objective/non_score_reward": mean(penalties.map(sum)),
      "objective/rlhf_reward": mean(penalties.map((row, i) => sum(row) + rows[i]!.score)),
    },
  };
}

/** What was true of an answer's tokens when it was sampled. All [B, C]; no meaning where the masks are 0. */
export type Sampled = {
  logProbs: tf.Tensor2D;
  advantages: tf.Tensor2D;
  values: tf.Tensor2D;
  returns: tf.Tensor2D;
};

export interface PolicyOptions {
  cliprange: number;
  /** No loss of a token with a negative advantage exceeds this times it. */
  dualClip: number | null;
  /** Log-ratios are cut to ±this, so that no exp overflows. */
  logRatioClamp: number;
}

/** Of each action: tokens [B, C], or whole answers [B]. */
export interface PolicyLoss {
  losses: tf.Tensor;
  /** π/π_old. */
  ratio: tf.Tensor;
  /** 1 where the clipped term decides. */
  clipped: tf.Tensor;
  /** ½ (log π/π_old)². */
  squaredLogRatio: tf.Tensor;
}

/** Equation 7 of each action: max(−r A, −clip(r, 1 ± ε) A); with dual clip at most −c A where A < 0 (Ye et al. 2020, arXiv 1912.09729, equation 5). */
export function policyLoss(
  logProbs: tf.Tensor,
  { logProbs: old, advantages }: { logProbs: tf.Tensor; advantages: tf.Tensor },
  { cliprange, dualClip, logRatioClamp }: PolicyOptions,
): PolicyLoss {
  const logRatio = logProbs.sub(old).clipByValue(-logRatioClamp, logRatioClamp);
  const ratio = logRatio.exp();
  const unclipped = ratio.mul(advantages).neg();
  const clipped = ratio
    .clipByValue(1 - cliprange, 1 + cliprange)
    .mul(advantages)
    .neg();
  const worse = unclipped.maximum(clipped);
  const bounded = dualClip === null ? worse : worse.minimum(advantages.mul(-dualClip));
  const losses = dualClip === null ? worse : tf.where(advantages.less(0), bounded, worse);
  return { losses, ratio, clipped: clipped.greater(unclipped).toFloat(), squaredLogRatio: logRatio.square().mul(0.5) };
}

/** ½ max((v − R)², (v_old + clip(v − v_old, ±ε) − R)²) of each token, and 1 where the clip decides. → 2 × [B, C] */
export function valueLoss(
  values: tf.Tensor2D,
  { values: old, returns }: Sampled,
  { cliprangeValue }: { cliprangeValue: number },
): { losses: tf.Tensor; clipped: tf.Tensor } {
  const clippedValues = values.maximum(old.sub(cliprangeValue)).minimum(old.add(cliprangeValue)); // exactly `values` within the range
  const [unclipped, clipped] = [values.sub(returns).square(), clippedValues.sub(returns).square()];
  return { losses: unclipped.maximum(clipped).mul(0.5), clipped: clipped.greater(unclipped).toFloat() };
}

/** KL(π ‖ π_ref) of each token as a term of the loss, by the estimator k2 or k3 (Schulman 2020). [B, C] each */
export function klTerm(logProbs: tf.Tensor, reference: tf.Tensor, estimator: string): tf.Tensor {
  const away = reference.sub(logProbs);
  return estimator === "k2" ? away.square().div(2) : away.exp().sub(away).sub(1);
}
