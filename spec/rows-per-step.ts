// How many rows an optimiser step learns from, by the method's own settings: methods that sample cut a rollout into mini-batches.
import type { RunConfig } from "./config";

export function rowsPerStep(config: RunConfig): number {
  switch (config.method) {
    case "ppo":
      return Math.ceil(config.ppo.rollouts / config.ppo.miniBatches);
    case "rloo":
      return Math.ceil((config.rloo.prompts * config.rloo.samples) / config.rloo.miniBatches);
    case "grpo":
      return Math.ceil((config.grpo.prompts * config.grpo.samples) / config.grpo.miniBatches);
    default:
      return config.batchSize * config.gradientAccumulation;
  }
}
