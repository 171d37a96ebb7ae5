// Mixtral: Mistral over a mixture of experts (arXiv 2401.04088).
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { llama } from "../llama/llama";
import { parseDecoderConfig, windowFields, windowsOf } from "../parts/decoder-config";
import { attentionGroups, attentionShapes, mixtureFields, mixtureOf, ofEachExpert } from "../parts/moe-config";

const own = {
  sliding_window: windowFields.sliding_window,
  ...mixtureFields,
  router_jitter_noise: z.literal(0, "Noise on what the router reads is not supported").default(0),
};
const defaults = {
  num_key_value_heads: 8,
  num_experts_per_tok: 2,
  rms_norm_eps: 1e-5,
  rope_theta: 1e6,
  router_aux_loss_coef: 0.001,
};

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const { config, own: c } = parseDecoderConfig("mixtral", own, defaults, json, source);
  return { ...config, mixture: mixtureOf(c, true, source), ...windowsOf(config, c, () => true, source) };
}

export const mixtral: Family = {
  modelTypes: ["mixtral"],
  parseConfig,
  vectors: llama.vectors,
  linearShapes: attentionShapes,
  linearGroups: attentionGroups,
  experts: ofEachExpert("block_sparse_moe", ["w1", "w3", "w2"]),
};
