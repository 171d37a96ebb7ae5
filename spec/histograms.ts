// Distributions of values: what a mean hides.

export interface Histogram {
  low: number;
  high: number;
  /** Values in equal parts of that range. */
  counts: number[];
}

/** What methods that sample show of an update. */
export const distributions = {
  scores: { label: "Scores of rollouts", unit: "points", about: "Each answer's, penalties taken off." },
  advantages: {
    label: "Advantages",
    unit: "points",
    about: "What is learnt from: of each token with PPO, of each answer else.",
  },
  logRatios: {
    label: "Log-ratios to the reference",
    unit: "nats/token",
    about: "Of each sampled token, by the KL estimator of the run.",
  },
} as const;
export type DistributionName = keyof typeof distributions;
export type Distributions = Partial<Record<DistributionName, number[]>>;

const parts = 24;

/** Null without finite values. */
export function histogramOf(values: number[]): Histogram | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return null;
  const [low, high] = finite.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [finite[0]!, finite[0]!],
  );
  const counts = Array.from({ length: parts }, () => 0);
  for (const value of finite) {
    const part = high === low ? 0 : Math.floor(parts * ((value - low) / (high - low)));
    counts[Math.min(parts - 1, part)]!++;
  }
  return { low, high, counts };
}
