// Which method logged such metrics: the names of TRL 1.16's trainers, of Transformers' and our own.
import type { Method } from "../../spec/config";
import { methods } from "../runs/methods";

/** Names that only TRL's GRPO logs; what it shares with RLOO, which logs no other, is `reward`. */
const onlyGrpo = /^(cispo_clip_ratio|vespo\/|entropy_coef$|policy_loss$|sampling\/|tools\/)/;

/** Every method that may have logged metrics of these names: several where nothing tells them apart. */
export function candidates(names: Set<string>): Method[] {
  const has = (...all: string[]) => all.every((name) => names.has(name));
  if (has("log_odds_ratio")) return ["orpo"];
  if (has("reward", "reward_std")) return [...names].some((name) => onlyGrpo.test(name)) ? ["grpo"] : ["grpo", "rloo"];
  if (has("objective/kl")) {
    if (has("rewards/margins") || has("objective/pairs")) return ["iterative-dpo"];
    if (has("objective/score_deviation")) return ["grpo", "rloo"];
    return ["ppo"];
  }
  if (has("mean_reward") || has("accuracy", "margin")) return ["reward"];
  if (has("rewards/chosen")) {
    if (has("kl")) return ["kto"];
    if (has("nll_loss")) return ["cpo", "simpo", "dpo"];
    return has("rewards/margins") ? ["dpo"] : ["listwise"];
  }
  if (has("mean_token_accuracy")) return ["sft"];
  return Object.keys(methods) as Method[];
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
