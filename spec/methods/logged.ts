// By the names of its metrics, ours or those of TRL 1.16, which family of methods a run is of.

export type Names = ReadonlySet<string>;

const hasAny = (names: Names, ...some: string[]) => some.some((name) => names.has(name));

/** DPO and its kin; KTO, ORPO and methods that sample log the same rewards and something of their own. */
export const ofPairs = (names: Names): boolean =>
  names.has("rewards/chosen") &&
  !hasAny(names, "kl", "delta", "log_odds_ratio", "objective/kl", "reward_std", "rewards/probabilities");

/** RLOO and GRPO: TRL's names, and ours. */
export const ofGroups = (names: Names): boolean =>
  (names.has("reward") && names.has("reward_std")) ||
  (names.has("objective/kl") && names.has("objective/score_deviation"));

/** What learns from sequences alone: nothing tells them apart from others but that they log no rewards. */
export const ofSequences = (names: Names): boolean =>
  names.has("mean_token_accuracy") &&
  !hasAny(names, "rewards/chosen", "log_odds_ratio", "mean_reward", "margin", "objective/kl", "reward_std");
