// OLMo 2.
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { linearGroups, linearShapes } from "../llama/weight-names";
import { parseDecoderConfig } from "../parts/decoder-config";

const parseConfig = (json: Record<string, unknown>, source: string): ModelConfig =>
  parseDecoderConfig("olmo2", {}, { rms_norm_eps: 1e-5 }, json, source).config;

export const olmo2: Family = {
  modelTypes: ["olmo2"],
  parseConfig,
  vectors: ({ hiddenSize: d, heads, kvHeads, headDim }) => ({
    "self_attn.q_norm": heads * headDim,
    "self_attn.k_norm": kvHeads * headDim,
    post_attention_layernorm: d,
    post_feedforward_layernorm: d,
  }),
  linearShapes,
  linearGroups,
};
