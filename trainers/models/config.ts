// What a Llama-family config.json says, reduced to what the forward pass needs.
import { z } from "zod";

const ropeParameters = z.looseObject({
  rope_theta: z.number().optional(),
  rope_type: z.string().optional(),
  type: z.string().optional(), // rope_type in files from before Transformers 4.43
  factor: z.number().optional(),
  low_freq_factor: z.number().optional(),
  high_freq_factor: z.number().optional(),
  original_max_position_embeddings: z.int().optional(),
});

const huggingFaceConfig = z.looseObject({
  model_type: z.string(),
  vocab_size: z.int(),
  hidden_size: z.int(),
  intermediate_size: z.int(),
  num_hidden_layers: z.int(),
  num_attention_heads: z.int(),
  num_key_value_heads: z.int().optional(),
  head_dim: z.int().nullish(),
  rms_norm_eps: z.number(),
  rope_theta: z.number().optional(),
  rope_parameters: ropeParameters.nullish(),
  rope_scaling: ropeParameters.nullish(),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  use_sliding_window: z.boolean().default(false),
  bos_token_id: z.int().nullish(),
  eos_token_id: z.union([z.int(), z.array(z.int())]).nullish(),
});

export interface ModelConfig {
  vocabSize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  rmsEpsilon: number;
  ropeTheta: number;
  ropeScaling: RopeScaling;
  tiedEmbeddings: boolean;
  /** Linear layers that add a bias: none in Llama, q, k and v in Qwen2. */
  biases: readonly string[];
}

export type RopeScaling =
  | { type: "none" }
  | { type: "linear"; factor: number }
  | { type: "llama3"; factor: number; lowFactor: number; highFactor: number; originalContext: number };

/** Reads a Hugging Face config.json. Throws on what the forward pass would silently get wrong. */
export function parseModelConfig(json: unknown): ModelConfig {
  const c = huggingFaceConfig.parse(json);
  if (c.model_type !== "llama" && c.model_type !== "qwen2")
    throw new Error(`config.json says model_type "${c.model_type}"; supported are "llama" and "qwen2"`);
  if (c.mlp_bias) throw new Error("config.json asks for biases in the MLP, which are not supported");
  if (c.use_sliding_window) throw new Error("config.json asks for sliding-window attention, which is not supported");
  return {
    vocabSize: c.vocab_size,
    hiddenSize: c.hidden_size,
    intermediateSize: c.intermediate_size,
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    kvHeads: c.num_key_value_heads ?? c.num_attention_heads,
    headDim: c.head_dim ?? c.hidden_size / c.num_attention_heads,
    rmsEpsilon: c.rms_norm_eps,
    ropeTheta: c.rope_theta ?? c.rope_parameters?.rope_theta ?? 10000,
    ropeScaling: parseScaling(c.rope_parameters ?? c.rope_scaling),
    tiedEmbeddings: c.tie_word_embeddings,
    // Llama's flag means all four projections of attention; Qwen2 always has the first three.
    biases: c.model_type === "qwen2" ? linearGroups[0] : c.attention_bias ? linearGroups.slice(0, 2).flat() : [],
  };
}

function parseScaling(rope: z.infer<typeof ropeParameters> | null | undefined): RopeScaling {
  const type = rope?.rope_type ?? rope?.type ?? "default";
  if (!rope || type === "default") return { type: "none" };
  const factor = rope.factor ?? 1;
  if (type === "linear") return { type, factor };
  const { low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: context } = rope;
  if (type === "llama3" && low !== undefined && high !== undefined && context !== undefined)
    return { type, factor, lowFactor: low, highFactor: high, originalContext: context };
  throw new Error(
    `config.json asks for RoPE scaling ${JSON.stringify(rope)}; supported are "linear" and "llama3" with all its factors`,
  );
}

/** The inverse: a config.json that Transformers loads. */
export function toHuggingFaceConfig(c: ModelConfig, ids: { bos: number; eos: number; pad: number }) {
  return {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    vocab_size: c.vocabSize,
    hidden_size: c.hiddenSize,
    intermediate_size: c.intermediateSize,
    num_hidden_layers: c.layers,
    num_attention_heads: c.heads,
    num_key_value_heads: c.kvHeads,
    head_dim: c.headDim,
    rms_norm_eps: c.rmsEpsilon,
    rope_theta: c.ropeTheta,
    tie_word_embeddings: c.tiedEmbeddings,
    hidden_act: "silu",
    attention_bias: false,
    mlp_bias: false,
    max_position_embeddings: 512,
    torch_dtype: "float32",
    bos_token_id: ids.bos,
    eos_token_id: ids.eos,
    pad_token_id: ids.pad,
  };
}

/** Shapes of every weight, by its Hugging Face name. Linear layers are [out, in]. */
export function weightShapes(c: ModelConfig): Record<string, number[]> {
  const shapes: Record<string, number[]> = {
    "model.embed_tokens.weight": [c.vocabSize, c.hiddenSize],
    "model.norm.weight": [c.hiddenSize],
  };
  if (!c.tiedEmbeddings) shapes["lm_head.weight"] = [c.vocabSize, c.hiddenSize];
  for (let layer = 0; layer < c.layers; layer++) {
    const at = `model.layers.${layer}.`;
    shapes[`${at}input_layernorm.weight`] = [c.hiddenSize];
    shapes[`${at}post_attention_layernorm.weight`] = [c.hiddenSize];
    for (const [name, shape] of Object.entries(linearShapes(c))) {
      shapes[`${at}${name}.weight`] = shape;
      if (c.biases.includes(name)) shapes[`${at}${name}.bias`] = [shape[0]];
    }
  }
  return shapes;
}

/** Layers of a block that are multiplied as one matrix, since they read the same input. */
export const linearGroups = [
  ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
  ["self_attn.o_proj"],
  ["mlp.gate_proj"],
  ["mlp.up_proj"],
  ["mlp.down_proj"],
] as const;

export const linearName = (layer: number, linear: string) => `model.layers.${layer}.${linear}.weight`;

/** [out, in] of the seven linear layers of a block. */
export function linearShapes(c: ModelConfig): Record<string, [number, number]> {
  const { hiddenSize: d, intermediateSize: f } = c;
  const [q, kv] = [c.heads * c.headDim, c.kvHeads * c.headDim];
  return {
    "self_attn.q_proj": [q, d],
    "self_attn.k_proj": [kv, d],
    "self_attn.v_proj": [kv, d],
    "self_attn.o_proj": [d, q],
    "mlp.gate_proj": [f, d],
    "mlp.up_proj": [f, d],
    "mlp.down_proj": [d, f],
  };
}
