// The Llama forward pass in plain tf.*: RMSNorm, rotary positions, grouped-query attention, SwiGLU.
// B rows, T tokens, S keys, d hidden, H heads, G key/value heads, D head width, V vocabulary.

import { linear } from "../engine/linear";
import { rmsNorm, rotate, swiglu } from "../engine/ops";
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "./config";
import { type Adapter, parameterName } from "./lora";
import { rotaryTables } from "./rotary";
import type { Weights } from "./weights";

export interface Model {
  config: ModelConfig;
  weights: Weights;
}

export interface Sequence {
  ids: tf.Tensor2D; // [B, T] int32
  positions: tf.Tensor2D; // [B, T] int32
}

/** Mixes values by attention in one layer: q [B, H, T, D], k and v [B, G, T, D] of the new tokens → [B, H, T, D]. */
export type Attend = (layer: number, q: tf.Tensor4D, k: tf.Tensor4D, v: tf.Tensor4D) => tf.Tensor4D;

/** The last hidden states after the final norm, [B·T, d]. With `adapter` null the base speaks: that is the reference policy. */
export function transformer(
  { config, weights }: Model,
  adapter: Adapter | null,
  { ids, positions }: Sequence,
  attend: Attend,
): tf.Tensor2D {
  const { heads: H, kvHeads: G, headDim: D, rmsEpsilon } = config;
  const [B, T] = ids.shape;
  const rope = rotaryTables(config, positions); // 2 × [B, T, 1, D]
  const norm = (x: tf.Tensor2D, name: string) => rmsNorm(x, weights.vector(name), rmsEpsilon);

  function block(x: tf.Tensor2D, layer: number): tf.Tensor2D {
    const at = `model.layers.${layer}.`;
    const project = (input: tf.Tensor2D, name: string): tf.Tensor2D => {
      const a = adapter?.weights.get(parameterName(layer, name, "A"));
      const b = adapter?.weights.get(parameterName(layer, name, "B"));
      const lowRank = adapter && a && b ? { a, b, scale: adapter.alpha / adapter.rank } : null;
      const product = linear(input, weights.matrix(`${at}${name}.weight`), lowRank);
      return config.biases.includes(name) ? product.add(weights.vector(`${at}${name}.bias`)) : product;
    };
    const byHead = (x: tf.Tensor) => x.transpose<tf.Tensor4D>([0, 2, 1, 3]); // [B, T, heads, D] → [B, heads, T, D]

    const h = norm(x, `${at}input_layernorm.weight`);
    const q = byHead(rotate(project(h, "self_attn.q_proj").reshape([B, T, H, D]), rope)); // [B, H, T, D]
    const k = byHead(rotate(project(h, "self_attn.k_proj").reshape([B, T, G, D]), rope)); // [B, G, T, D]
    const v = byHead(project(h, "self_attn.v_proj").reshape([B, T, G, D])); // [B, G, T, D]
    const mixed = byHead(attend(layer, q, k, v)).reshape<tf.Tensor2D>([B * T, H * D]);
    const middle: tf.Tensor2D = x.add(project(mixed, "self_attn.o_proj"));

    const m = norm(middle, `${at}post_attention_layernorm.weight`);
    return middle.add(project(swiglu(project(m, "mlp.gate_proj"), project(m, "mlp.up_proj")), "mlp.down_proj"));
  }

  let x: tf.Tensor2D = tf.gather(weights.embedding, ids.flatten()); // [B·T, d]
  for (let layer = 0; layer < config.layers; layer++) x = block(x, layer);
  return norm(x, "model.norm.weight");
}

/** Logits of some rows of the hidden states. */
export function logits({ weights }: Model, hidden: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(hidden, weights.head, false, true); // [N, V]
}
