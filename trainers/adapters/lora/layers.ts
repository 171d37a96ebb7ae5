// The layers that a LoRA is on, linear ones and experts, each with its rank and scale.
import type { ModelConfig } from "../../models/config";
import { expression, targetLayers } from "../targets";
import type { LoraConfig } from "./config";
import { expertLayers } from "./experts";

/** By their names in PEFT's configs, and by what the names of their A and B begin with. */
export interface Layer {
  name: string;
  module: string;
  /** [out, in] */
  shape: readonly [number, number];
  /** How many experts' it is, which have updates of their own; null of a linear layer. */
  experts: number | null;
  /** The weights as files have them, one below the other. */
  weights: readonly string[];
}

export function adaptedLayers(config: LoraConfig, model: ModelConfig): Layer[] {
  const ofExperts = expertLayers(config.target_parameters ?? [], model);
  const linear = ofExperts.length > 0 && config.target_modules.length === 0 ? [] : targetLayers(config, model);
  return [
    ...linear.map((layer) => ({ ...layer, name: layer.module, experts: null, weights: [`${layer.module}.weight`] })),
    ...ofExperts,
  ];
}

/** Rank and α/r of a layer: the first pattern that its name ends with decides (peft 0.21, utils/other.py get_pattern_key). */
export function strength(config: LoraConfig, module: string): { rank: number; scale: number } {
  const of = (field: "rank_pattern" | "alpha_pattern", usual: number) =>
    Object.entries(config[field] ?? {}).find(([key]) => fits(field, key, module))?.[1] ?? usual;
  const [rank, alpha] = [of("rank_pattern", config.r), of("alpha_pattern", config.lora_alpha)];
  return { rank, scale: alpha / (config.use_rslora ? Math.sqrt(rank) : rank) };
}

const fits = (field: string, key: string, module: string) => expression(field, `^(.*\\.)?(${key})$`, key)(module);

/** A pattern that fits no layer is most likely misspelt. */
export function refuseUnused(patterns: Record<string, Record<string, number>>, layers: Layer[]): void {
  for (const [field, pattern] of Object.entries(patterns))
    for (const key of Object.keys(pattern))
      if (!layers.some(({ name }) => fits(field, key, name)))
        throw new Error(
          `adapter.${field} ${JSON.stringify(key)} fits none of the ${layers.length} adapted layers, of which the first is ${layers[0]!.name}; leave it out or name one of them`,
        );
}
