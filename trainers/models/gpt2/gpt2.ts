// GPT-2 and what is built as it is: DistilGPT-2, DialoGPT and others whose config.json says "gpt2".
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { parsedFields, repeats } from "../fields";
import { parseDecoderConfig } from "../parts/decoder-config";

/** In the file's own names, with Transformers' defaults. */
const own = {
  n_embd: z.int().min(1).default(768),
  n_layer: repeats.default(12),
  n_head: z.int().min(1).default(12),
  n_inner: z.int().min(1).nullish(),
  n_positions: z.int().min(1).default(1024),
  activation_function: z.string().default("gelu_new"),
  layer_norm_epsilon: z.number().default(1e-5),
  scale_attn_weights: z.boolean().default(true),
};

const layers = ["attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"];

/** Names that all families have, which Transformers takes for these too. */
const otherNames = {
  hidden_size: "n_embd",
  num_hidden_layers: "n_layer",
  num_attention_heads: "n_head",
  max_position_embeddings: "n_positions",
};

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const renamed = Object.fromEntries(
    Object.entries(otherNames).flatMap(([name, is]) => (Object.hasOwn(json, name) ? [[is, json[name]]] : [])),
  );
  const c = parsedFields(z.object(own), { ...renamed, ...json }, source);
  if (c.n_embd % c.n_head !== 0)
    throw new Error(`${source} asks for n_embd ${c.n_embd} over n_head ${c.n_head}, which do not divide it`);
  const sizes = {
    hidden_size: c.n_embd,
    num_hidden_layers: c.n_layer,
    num_attention_heads: c.n_head,
    intermediate_size: c.n_inner ?? 4 * c.n_embd,
    hidden_act: c.activation_function,
  };
  const defaults = { tie_word_embeddings: true, vocab_size: 50_257 };
  const { config } = parseDecoderConfig("gpt2", own, defaults, { ...json, ...sizes }, source);
  return {
    ...config,
    rmsEpsilon: c.layer_norm_epsilon,
    normBiases: true,
    biases: layers,
    learnedPositions: c.n_positions,
    unturnedLayers: Array.from({ length: c.n_layer }, (_, layer) => layer),
    ...(c.scale_attn_weights ? {} : { attentionScale: 1 }),
  };
}

export const gpt2: Family = {
  modelTypes: ["gpt2"],
  parseConfig,
  vectors: ({ hiddenSize: d }) => ({ ln_1: d, ln_2: d }),
  linearShapes: ({ hiddenSize: d, intermediateSize: f }) => ({
    "attn.c_attn": [3 * d, d],
    "attn.c_proj": [d, d],
    "mlp.c_fc": [f, d],
    "mlp.c_proj": [d, f],
  }),
  linearGroups: layers.map((name) => [name]),
  inByOut: true,
};
