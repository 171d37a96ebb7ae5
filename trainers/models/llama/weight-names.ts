// The weights of a Llama, by Transformers' names.
import type { ModelConfig } from "../config";

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

/** Modules of Transformers' Llama beside the seven linear layers. */
export function otherModules({ layers }: ModelConfig): string[] {
  const parts = ["", ".self_attn", ".mlp", ".mlp.act_fn", ".input_layernorm", ".post_attention_layernorm"];
  const blocks = Array.from({ length: layers }, (_, layer) => parts.map((part) => `model.layers.${layer}${part}`));
  return ["lm_head", "model", "model.embed_tokens", "model.layers", "model.norm", "model.rotary_emb", ...blocks.flat()];
}
