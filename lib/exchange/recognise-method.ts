// Which method logged such metrics: the names of TRL 1.16's trainers, of Transformers' and our own.
import { allMethods, type Method } from "../../spec/methods/all";
import { currentMetricName } from "../../spec/metrics/former-names";

/** Every method that may have logged metrics of these names: several where nothing tells them apart, all where nothing tells anything. */
export function candidates(names: ReadonlySet<string>): Method[] {
  const possible = allMethods.filter((method) => method.mayHaveLogged(names));
  return (possible.length > 0 ? possible : allMethods).map(({ name }) => name);
}

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
