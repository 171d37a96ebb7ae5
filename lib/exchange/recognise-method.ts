// Which method logged such metrics: the names of TRL 1.16's trainers, of Transformers' and our own.
import { allMethods, type Method } from "../../spec/methods/all";

/** Every method that may have logged metrics of these names: several where nothing tells them apart, all where nothing tells anything. */
export function candidates(names: ReadonlySet<string>): Method[] {
  const possible = allMethods.filter((method) => method.mayHaveLogged(names));
  return (possible.length > 0 ? possible : allMethods).map(({ name }) => name);
}

const ours = {
  reward: "objective/scores",
  reward_std: "objective/score_spread",
  frac_reward_zero_std: "objective/flat_groups",
  kl: "objective/kl_per_token",
  entropy: "policy/entropy_avg",
  "completions/mean_length": "objective/length",
  "completions/clipped_ratio": "objective/cut",
  "clip_ratio/region_mean": "policy/clipfrac_avg",
} as const;

/** What TRL's GRPO and RLOO call by names that are ours for something else, or that we have another name for. */
export const renamed = (names: Set<string>, name: string): string =>
  names.has("reward") && names.has("reward_std") && Object.hasOwn(ours, name) ? ours[name as keyof typeof ours] : name;
