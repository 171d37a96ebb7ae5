// GPT-NeoX: Pythia and its like.
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { parseDecoderConfig } from "../parts/decoder-config";
import { ropeFields } from "../parts/rope-config";

const own = {
  layer_norm_eps: z.number().default(1e-5),
  use_parallel_residual: z.boolean().default(true),
  classifier_dropout: z.number().nullish(), // no run here has dropout
  partial_rotary_factor: ropeFields.partial_rotary_factor,
  // The names of these two before Transformers 5.
  rotary_pct: z.number().default(0.25),
  rotary_emb_base: z.number().default(10_000),
};

const attention = ["attention.query_key_value", "attention.dense"];
const mlp = ["mlp.dense_h_to_4h", "mlp.dense_4h_to_h"];

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const { rotary_pct: turned = 0.25, rotary_emb_base: base = 10_000 } = json;
  const defaults = { hidden_act: "gelu", attention_bias: true, partial_rotary_factor: turned, rope_theta: base };
  const { config, own: c } = parseDecoderConfig("gpt_neox", own, defaults, json, source);
  if (config.kvHeads !== config.heads || config.headDim * config.heads !== config.hiddenSize)
    throw new Error(
      `${source} asks for ${config.heads} query and ${config.kvHeads} key heads of ${config.headDim} dimensions; GPT-NeoX has as many of both, which make up its hidden_size ${config.hiddenSize}`,
    );
  return {
    ...config,
    rmsEpsilon: c.layer_norm_eps,
    normBiases: true,
    parallelResidual: c.use_parallel_residual,
    biases: config.biases.length > 0 ? [...attention, ...mlp] : mlp,
  };
}

export const gptNeox: Family = {
  modelTypes: ["gpt_neox"],
  parseConfig,
  vectors: ({ hiddenSize: d }) => ({ input_layernorm: d, post_attention_layernorm: d }),
  linearShapes: ({ hiddenSize: d, intermediateSize: f }) => ({
    "attention.query_key_value": [3 * d, d],
    "attention.dense": [d, d],
    "mlp.dense_h_to_4h": [f, d],
    "mlp.dense_4h_to_h": [d, f],
  }),
  linearGroups: [...attention, ...mlp].map((name) => [name]),
};
