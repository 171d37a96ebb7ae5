// From a rollout's scores to what PPO learns from: rewards of each token, advantages, returns. Plain numbers, an array an answer.

import type { PpoConfig } from "../../../spec/methods/ppo";
import { deviation, mean, sum } from "../../../spec/statistics";
import type { Rollout, Rollouts } from "./rollout";

export type KlEstimator = "k1" | "k2" | "k3";

/** Estimates of KL(π ‖ π_ref) at a sampled token, from log π − log π_ref (Schulman 2020, "Approximating KL divergence"). In nats. */
export function klEstimate(estimator: KlEstimator, logRatio: number): number {
  if (estimator === "k1") return logRatio;
  if (estimator === "k2") return logRatio ** 2 / 2;
  return Math.exp(-logRatio) - 1 + logRatio;
}

/** Generalised advantage estimation (Schulman et al. 2016, arXiv 1506.02438, equation 16); returns are advantages + values. */
export function generalizedAdvantages(
  rewards: number[],
  values: number[],
  { gamma, lambda }: { gamma: number; lambda: number },
): { advantages: number[]; returns: number[] } {
  const advantages = new Array<number>(rewards.length);
  let [advantage, nextValue] = [0, 0]; // after its last token an answer is worth nothing
  for (let t = rewards.length - 1; t >= 0; t--) {
    const delta = rewards[t]! + gamma * nextValue - values[t]!; // equation 12
    advantage = delta + gamma * lambda * advantage;
    [advantages[t], nextValue] = [advantage, values[t]!];
  }
  return { advantages, returns: advantages.map((a, t) => a + values[t]!) };
}

/** All numbers brought to deviation 1 (Bessel's), and to mean 0 unless `keepMean`. Fewer than two come back as they are. */
export function whiten(rows: number[][], keepMean = false): number[][] {
  const all = rows.flat();
  if (all.length < 2) return rows;
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  const variance = all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (all.length - 1);
  const scale = 1 / Math.sqrt(variance + 1e-8);
  return rows.map((row) => row.map((x) => (x - mean) * scale + (keepMean ? mean : 0)));
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

/** 1 − Var(returns − values) / Var(returns); 0 where the returns do not vary. */
export function explainedVariance(values: number[], returns: number[]): number {
  const variance = deviation(returns) ** 2;
  return variance === 0 ? 0 : 1 - deviation(returns.map((value, i) => value - values[i]!)) ** 2 / variance;
}

/** An answer with what is learnt from each of its tokens. */
export type Estimated = Rollout & { advantages: number[]; returns: number[] };

/** Rewards of each token, the score at the last one's place, and from them advantages and returns. */
export function estimated(
  { rows, stats }: Rollouts,
  klCoefficient: number,
  ppo: Pick<PpoConfig["ppo"], "gamma" | "lambda" | "whitenRewards" | "whitenAdvantages">,
): { rows: Estimated[]; stats: Rollouts["stats"] } {
  const penalties = rows.map(({ kl }) => kl.map((value) => -klCoefficient * value));
  const placed = penalties.map((row, i) =>
    row.map((value, t) => (t === row.length - 1 ? value + rows[i]!.score : value)),
  );
  const rewards = ppo.whitenRewards ? whiten(placed, true) : placed;
  const estimates = rewards.map((row, i) => generalizedAdvantages(row, rows[i]!.values, ppo));
  const own = estimates.map(({ advantages }, i) => advantages.slice(0, rows[i]!.response.length));
  const advantages = ppo.whitenAdvantages ? whiten(own) : own;
  const within = (column: (i: number) => number[]) =>
    rows.flatMap(({ response }, i) => column(i).slice(0, response.length));
  const [predicted, found] = [within((i) => rows[i]!.values), within((i) => estimates[i]!.returns)];
  return {
    rows: rows.map((row, i) => ({ ...row, advantages: advantages[i]!, returns: estimates[i]!.returns })),
    stats: {
      ...stats,
      "val/explained_variance": explainedVariance(predicted, found),
      "objective/non_score_reward": mean(penalties.map(sum)),
      "objective/rlhf_reward": mean(penalties.map((row, i) => sum(row) + rows[i]!.score)),
    },
  };
}
