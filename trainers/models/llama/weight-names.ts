// The linear layers of a block of Llama, by Transformers' names; most families have the same.
import type { ModelConfig } from "../config";

/** Layers of a block that are multiplied as one matrix, since they read the same input. */
export const linearGroups = [
  ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
  ["self_attn.o_proj"],
  ["mlp.gate_proj"],
  ["mlp.up_proj"],
  ["mlp.down_proj"],
] as const;

/** [out, in] of the seven linear layers of a block. */
export function linearShapes(
  c: Pick<ModelConfig, "hiddenSize" | "intermediateSize" | "heads" | "kvHeads" | "headDim">,
): Record<string, [number, number]> {
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
