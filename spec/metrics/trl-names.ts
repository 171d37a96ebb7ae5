// What TRL calls otherwise than the workbench does.
import { currentMetricName } from "./former-names";

/** TRL names these differently in PPO and in GRPO and RLOO; here they have PPO's names, so that all of them share a chart. */
const ofPpo = {
  reward: "objective/scores",
  kl: "objective/kl_per_token",
  entropy: "policy/entropy_avg",
  "clip_ratio/region_mean": "policy/clipfrac_avg",
} as const;

/** What a metric of another program, or of an earlier version of this one, is called here. `names` are all that the program logged. */
export const renamed = (names: Set<string>, name: string): string =>
  names.has("reward") && names.has("reward_std") && Object.hasOwn(ofPpo, name)
    ? ofPpo[name as keyof typeof ofPpo]
    : currentMetricName(name);
