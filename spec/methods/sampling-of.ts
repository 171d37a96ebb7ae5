// What the methods that learn from rollouts call alike: whom they ask, how an update is divided, and what scores it.
import type { Ptx } from "../fields/ptx";
import { valueAt } from "../paths";
import { type Method, methodOf, type RunConfig } from "./all";
import type { GrpoConfig } from "./grpo";
import type { PpoConfig } from "./ppo";
import type { ReinforcePlusPlusConfig } from "./reinforce-plus-plus";
import type { RlooConfig } from "./rloo";

export type Sampled = PpoConfig | GrpoConfig | RlooConfig | ReinforcePlusPlusConfig;

export const isSampled = <Config extends { method: string }>(config: Config): config is Extract<Config, Sampled> =>
  ["ppo", "grpo", "rloo", "reinforce-plus-plus"].includes(config.method);

/** `prompts` are asked in an update, `numGenerations` times each; it passes `passes` times over the completions. */
export function samplingOf(config: Sampled) {
  if (config.method === "ppo") {
    const { ppo } = config;
    return { ...ppo, block: "ppo", prompts: ppo.rollouts, numGenerations: 1, passes: ppo.numPpoEpochs };
  }
  if (config.method === "grpo") return { ...config.grpo, block: "grpo", passes: config.grpo.numIterations };
  if (config.method === "rloo") return { ...config.rloo, block: "rloo", passes: config.rloo.numIterations };
  const { reinforcePlusPlus } = config;
  return { ...reinforcePlusPlus, block: "reinforcePlusPlus", passes: reinforcePlusPlus.numIterations };
}

/** The texts that a run learns beside its completions; null where it learns none. */
export const ptxOf = (config: RunConfig): Ptx | null => (isSampled(config) ? samplingOf(config).ptx : null);

/** The field that names them, and what it says; null where it names none, or the method learns none. */
export function namedTexts(config: { method?: string }): { field: string; source: string } | null {
  if (!isSampled({ method: config.method ?? "" })) return null;
  const field = `${methodOf(config as { method: Method }).block}.ptx.texts`;
  const source = valueAt(config, field);
  return typeof source === "string" ? { field, source } : null;
}
