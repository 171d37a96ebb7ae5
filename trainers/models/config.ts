// What the forward pass needs to know of a Llama: its sizes, and from them the names and shapes of its weights.
import type { ActivationName } from "../engine/activation-names";

export type RopeScaling =
  | { type: "none" }
  | { type: "linear"; factor: number }
  | { type: "llama3"; factor: number; lowFactor: number; highFactor: number; originalContext: number };

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
  /** Of the MLP's gate. */
  activation: ActivationName;
  /** Linear layers that add a bias: none in Llama, q, k and v in Qwen2. */
  biases: readonly string[];
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
