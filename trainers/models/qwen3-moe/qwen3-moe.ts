// Qwen3 with a mixture of experts in every block, as Qwen3-30B-A3B.
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { parseDecoderConfig, switchedWindowFields, windowsOf } from "../parts/decoder-config";
import { attentionGroups, attentionShapes, mixtureFields, mixtureOf, ofEachExpert } from "../parts/moe-config";
import { qwen3 } from "../qwen3/qwen3";

const own = {
  ...switchedWindowFields,
  ...mixtureFields,
  moe_intermediate_size: z.int().min(1),
  norm_topk_prob: z.boolean(),
  decoder_sparse_step: z.literal(1, "Dense blocks between those with experts are not supported"),
};
const defaults = {
  num_key_value_heads: 4,
  use_sliding_window: false,
  sliding_window: 4096,
  decoder_sparse_step: 1,
  moe_intermediate_size: 768,
  num_experts_per_tok: 8,
  norm_topk_prob: false,
  router_aux_loss_coef: 0.001,
};

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const { config, own: c } = parseDecoderConfig("qwen3_moe", own, defaults, json, source);
  return {
    ...config,
    intermediateSize: c.moe_intermediate_size,
    mixture: mixtureOf(c, c.norm_topk_prob, source),
    ...windowsOf(config, c, () => true, source),
  };
}

export const qwen3Moe: Family = {
  modelTypes: ["qwen3_moe"],
  parseConfig,
  vectors: qwen3.vectors,
  linearShapes: attentionShapes,
  linearGroups: attentionGroups,
  experts: ofEachExpert("mlp", ["gate_proj", "up_proj", "down_proj"]),
};
