// Gemma 3, the models of text alone: layers that see a window turn their positions faster than those that see everything.
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { gemma2, withGemmaActivation } from "../gemma2/gemma2";
import { parseDecoderConfig, windowFields, windowsOf } from "../parts/decoder-config";
import { parseRope } from "../parts/rope-config";

const own = {
  ...windowFields,
  query_pre_attn_scalar: z.number().positive(),
  /** Of layers with a window, in files from before Transformers 5. */
  rope_local_base_freq: z.number().positive(),
  sliding_window_pattern: z.int().min(1).nullish(),
  _sliding_window_pattern: z.int().min(1).nullish(),
};
const defaults = {
  head_dim: 256,
  num_key_value_heads: 4,
  tie_word_embeddings: true,
  query_pre_attn_scalar: 256,
  sliding_window: 4096,
  rope_theta: 1e6,
  rope_local_base_freq: 1e4,
};

/** In Transformers 5's form RoPE is said of each type of layer. */
const ropeByType = z.object({
  full_attention: z.record(z.string(), z.unknown()),
  sliding_attention: z.record(z.string(), z.unknown()),
});

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const byType = ropeByType.safeParse(json.rope_parameters).data;
  const file = byType ? { ...json, rope_parameters: byType.full_attention } : json;
  const { config, own: c } = parseDecoderConfig("gemma3", own, defaults, withGemmaActivation(file), source);
  const pattern = c.sliding_window_pattern ?? c._sliding_window_pattern ?? 6;
  return {
    ...config,
    ...windowsOf(config, c, (layer) => (layer + 1) % pattern !== 0, source),
    localRope: parseRope(
      { rope_theta: c.rope_local_base_freq, rope_parameters: byType?.sliding_attention },
      config.headDim,
      source,
    ),
    embeddingScale: Math.sqrt(config.hiddenSize),
    attentionScale: c.query_pre_attn_scalar ** -0.5,
  };
}

export const gemma3: Family = {
  ...gemma2,
  modelTypes: ["gemma3_text"],
  parseConfig,
  vectors: (config) => ({
    ...gemma2.vectors(config),
    "self_attn.q_norm": config.headDim,
    "self_attn.k_norm": config.headDim,
  }),
};
