// BLOOM and BLOOMZ.
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { parsedFields, repeats } from "../fields";
import { parseDecoderConfig } from "../parts/decoder-config";

/** In the file's own names, with Transformers' defaults. */
const sizes = {
  hidden_size: z.int().min(1).default(64),
  n_layer: repeats.default(2),
  n_head: z.int().min(1).default(8),
  layer_norm_epsilon: z.number().default(1e-5),
};

/** What older files say beside, and no version of Transformers computes with. */
const without = [
  ...["attention_softmax_in_fp32", "bias_dropout_fusion", "masked_softmax_fusion", "offset_alibi", "skip_bias_add"],
  ...["skip_bias_add_qkv", "slow_but_exact", "seq_length", "unk_token_id", "n_inner"],
];
const own = { ...sizes, ...Object.fromEntries([...without, "n_embed"].map((name) => [name, z.unknown().optional()])) };

/** Fields that files call by either name. */
const otherNames = { num_hidden_layers: "n_layer", num_attention_heads: "n_head", n_embed: "hidden_size" };

const layers = [
  "self_attention.query_key_value",
  "self_attention.dense",
  "mlp.dense_h_to_4h",
  "mlp.dense_4h_to_h",
] as const;

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const renamed = Object.fromEntries(
    Object.entries(otherNames).flatMap(([name, is]) => (json[name] == null ? [] : [[is, json[name]]])),
  );
  const c = parsedFields(z.object(sizes), { ...json, ...renamed }, source);
  if (c.hidden_size % c.n_head !== 0)
    throw new Error(`${source} asks for hidden_size ${c.hidden_size} over n_head ${c.n_head}, which do not divide it`);
  const common = {
    hidden_size: c.hidden_size,
    num_hidden_layers: c.n_layer,
    num_attention_heads: c.n_head,
    num_key_value_heads: c.n_head,
    head_dim: c.hidden_size / c.n_head,
    intermediate_size: 4 * c.hidden_size,
    hidden_act: "gelu_pytorch_tanh",
  };
  const defaults = { tie_word_embeddings: true, vocab_size: 250_880 };
  const { config } = parseDecoderConfig("bloom", own, defaults, { ...json, ...common }, source);
  return {
    ...config,
    rmsEpsilon: c.layer_norm_epsilon,
    normBiases: true,
    biases: layers,
    alibi: true,
    unturnedLayers: Array.from({ length: c.n_layer }, (_, layer) => layer),
  };
}

export const bloom: Family = {
  modelTypes: ["bloom"],
  parseConfig,
  vectors: ({ hiddenSize: d }) => ({ input_layernorm: d, post_attention_layernorm: d }),
  linearShapes: ({ hiddenSize: d }) => ({
    "self_attention.query_key_value": [3 * d, d],
    "self_attention.dense": [d, d],
    "mlp.dense_h_to_4h": [4 * d, d],
    "mlp.dense_4h_to_h": [d, 4 * d],
  }),
  linearGroups: layers.map((name) => [name]),
};
