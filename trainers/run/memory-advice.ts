// What a run that does not fit could change, in the order in which it costs least: the optimiser's states first, then how the base is held, then
// how much is computed at once, and what is kept of it in memory.
import type { RunConfig } from "../../spec/config";
import { native } from "../engine/native";
import type { ModelConfig } from "../models/config";
import type { WeightSource } from "../models/formats/safetensors";
import { canHoldBlocks } from "../models/held-blocks";
import { planMemory } from "./memory";

/** What to write into the run file for it, and the bytes that the peak loses by it after those before it. */
export interface Saving {
  change: string;
  bytes: number;
}

/** In what a .gguf file has its layers. */
type Blocks = Pick<WeightSource, "blocks">;

/** Smaller ones are not worth a change. */
const leastBytes = 20e6;

export function savings(
  config: RunConfig,
  model: ModelConfig,
  longestRow: number,
  host: Blocks = {},
  longestText = 0,
): Saving[] {
  const found: Saving[] = [];
  const peakOf = (config: RunConfig) => planMemory(config, model, longestRow, host, longestText).peak;
  let [now, peak] = [config, peakOf(config)];
  for (const { change, of } of changes) {
    const next = of(now, model, host);
    const after = next === null ? peak : peakOf(next);
    if (next === null || peak - after < leastBytes) continue;
    found.push({ change, bytes: peak - after });
    [now, peak] = [next, after];
  }
  return found;
}

/** Each with the config that it makes of one; null where it has no place. */
const changes: { change: string; of(config: RunConfig, model: ModelConfig, host: Blocks): RunConfig | null }[] = [
  {
    change: 'optimizer.name "adamw8bit"',
    of: (config) =>
      config.optimizer.name === "adamw" ? { ...config, optimizer: { ...config.optimizer, name: "adamw8bit" } } : null,
  },
  {
    change: "optimizer.paged true",
    of: (config) => (config.optimizer.paged ? null : { ...config, optimizer: { ...config.optimizer, paged: true } }),
  },
  {
    change: 'model.quantisation "gguf"', // before 4 bits, which would round its numbers once more
    of: (config, model, host) =>
      config.adapter && config.model.quantisation === null && canHoldBlocks(model, host)
        ? { ...config, model: { ...config.model, quantisation: "gguf" } }
        : null,
  },
  {
    change: 'model.quantisation "nf4-double"',
    of: (config) =>
      config.adapter && config.model.quantisation === null
        ? { ...config, model: { ...config.model, quantisation: "nf4-double" } }
        : null,
  },
  {
    change: 'recompute "block"',
    of: (config) => (config.adapter ? { ...config, recompute: "block" } : null), // attention is the most where every weight is trained
  },
  {
    change: 'recompute "attention"',
    of: (config) => (config.adapter ? null : { ...config, recompute: "attention" }),
  },
  {
    change: "microBatchTokens 256",
    of: (config) => ({ ...config, microBatchTokens: 256 }),
  },
  {
    change: 'recompute "disk"',
    of: (config) => (config.adapter && native() ? { ...config, recompute: "disk" } : null), // by an op of the project's own
  },
];
