// SmolLM3: Llama, in which every fourth layer knows no positions (NoPE; Kazemnejad et al. 2023, arXiv 2305.19466).
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { llama } from "../llama/llama";
import { parseDecoderConfig, switchedWindowFields, windowsOf } from "../parts/decoder-config";

const own = {
  ...switchedWindowFields,
  /** 1 where a layer turns its queries and keys. */
  no_rope_layers: z.array(z.union([z.literal(0), z.literal(1)])).nullish(),
  no_rope_layer_interval: z.int().min(1),
};
const defaults = {
  num_key_value_heads: 4,
  tie_word_embeddings: true,
  rope_theta: 2e6,
  use_sliding_window: false,
  no_rope_layer_interval: 4,
};

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const { config, own: c } = parseDecoderConfig("smollm3", own, defaults, json, source);
  const turned = c.no_rope_layers;
  if (turned && turned.length !== config.layers)
    throw new Error(`${source} has ${turned.length} no_rope_layers for ${config.layers} layers; they must be as many`);
  const isTurned = (layer: number) => (turned ? turned[layer] === 1 : (layer + 1) % c.no_rope_layer_interval !== 0);
  return {
    ...config,
    unturnedLayers: Array.from({ length: config.layers }, (_, layer) => layer).filter((layer) => !isTurned(layer)),
    ...windowsOf(config, c, (layer) => !isTurned(layer), source),
  };
}

export const smollm3: Family = { ...llama, modelTypes: ["smollm3"], parseConfig };
