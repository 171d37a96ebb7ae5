// OLMoE.
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { parseDecoderConfig } from "../parts/decoder-config";
import { attentionGroups, attentionShapes, mixtureFields, mixtureOf, ofEachExpert } from "../parts/moe-config";

const own = { ...mixtureFields, norm_topk_prob: z.boolean() };
const defaults = { rms_norm_eps: 1e-5, num_experts_per_tok: 8, norm_topk_prob: false, router_aux_loss_coef: 0.01 };

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const { config, own: c } = parseDecoderConfig("olmoe", own, defaults, json, source);
  return { ...config, mixture: mixtureOf(c, c.norm_topk_prob, source) };
}

export const olmoe: Family = {
  modelTypes: ["olmoe"],
  parseConfig,
  vectors: ({ hiddenSize: d, heads, kvHeads, headDim }) => ({
    input_layernorm: d,
    "self_attn.q_norm": heads * headDim,
    "self_attn.k_norm": kvHeads * headDim,
    post_attention_layernorm: d,
  }),
  linearShapes: attentionShapes,
  linearGroups: attentionGroups,
  experts: ofEachExpert("mlp", ["gate_proj", "up_proj", "down_proj"]),
};
