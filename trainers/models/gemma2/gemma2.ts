// Gemma 2.
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { linearGroups, linearShapes } from "../llama/weight-names";
import { parseDecoderConfig, windowFields, windowsOf } from "../parts/decoder-config";

const cap = z.number().positive().nullish();
const own = {
  ...windowFields,
  query_pre_attn_scalar: z.number().positive(),
  attn_logit_softcapping: cap,
  final_logit_softcapping: cap,
};
const defaults = {
  head_dim: 256,
  num_key_value_heads: 4,
  tie_word_embeddings: true,
  query_pre_attn_scalar: 256,
  sliding_window: 4096,
  attn_logit_softcapping: 50,
  final_logit_softcapping: 30,
};

/** Gemma's files name the activation twice; Transformers takes `hidden_activation`. */
export function withGemmaActivation(json: Record<string, unknown>): Record<string, unknown> {
  const { hidden_activation: activation, ...rest } = json;
  return { ...rest, hidden_act: activation ?? "gelu_pytorch_tanh" };
}

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const { config, own: c } = parseDecoderConfig("gemma2", own, defaults, withGemmaActivation(json), source);
  return {
    ...config,
    ...windowsOf(config, c, (layer) => layer % 2 === 0, source),
    embeddingScale: Math.sqrt(config.hiddenSize),
    attentionScale: c.query_pre_attn_scalar ** -0.5,
    ...(c.attn_logit_softcapping && { attentionSoftCap: c.attn_logit_softcapping }),
    ...(c.final_logit_softcapping && { logitSoftCap: c.final_logit_softcapping }),
  };
}

export const gemma2: Family = {
  modelTypes: ["gemma2"],
  parseConfig,
  vectors: ({ hiddenSize: d }) => ({
    input_layernorm: d,
    post_attention_layernorm: d,
    pre_feedforward_layernorm: d,
    post_feedforward_layernorm: d,
  }),
  linearShapes,
  start: (name) => (/norm\.weight$/.test(name) ? () => 0 : undefined), // 1 is added to them
  linearGroups,
};
