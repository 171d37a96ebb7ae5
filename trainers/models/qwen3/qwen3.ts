// Qwen3, dense.
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { linearGroups, linearShapes } from "../llama/weight-names";
import { parseDecoderConfig, switchedWindowFields, windowsOf } from "../parts/decoder-config";

const own = { ...switchedWindowFields, max_window_layers: z.int() };
const defaults = {
  head_dim: 128,
  num_key_value_heads: 32,
  use_sliding_window: false,
  sliding_window: 4096,
  max_window_layers: 28,
};

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const { config, own: c } = parseDecoderConfig("qwen3", own, defaults, json, source);
  return { ...config, ...windowsOf(config, c, (layer) => layer >= c.max_window_layers, source) };
}

export const qwen3: Family = {
  modelTypes: ["qwen3"],
  parseConfig,
  vectors: ({ hiddenSize: d, headDim }) => ({
    input_layernorm: d,
    "self_attn.q_norm": headDim,
    "self_attn.k_norm": headDim,
    post_attention_layernorm: d,
  }),
  linearShapes,
  linearGroups,
};
