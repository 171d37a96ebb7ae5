// Metrics by the names that earlier versions of the workbench logged them under. The databases were renamed by a migration; files of runs
// keep what they were written with, and are read through this.

const formerNames = new Map([
  ["objective/length", "completions/mean_length"],
  ["objective/cut", "completions/clipped_ratio"],
  ["objective/score_spread", "reward_std"],
  ["objective/flat_groups", "frac_reward_zero_std"],
]);

export const currentMetricName = (name: string): string => formerNames.get(name) ?? name;

/** Logged values under the names of today. */
export const currentMetricNames = <Value>(values: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [currentMetricName(name), value]));
