// The Llama forward pass in plain tf.*: RMSNorm, rotary positions, grouped-query attention, SwiGLU.
// B rows, T tokens, S keys (cached and new), d hidden, H heads, G key/value heads, D head width, V vocabulary.

import { attention } from "../engine/attention";
import { linear } from "../engine/linear";
import { rmsNorm, rotate, swiglu } from "../engine/ops";
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "./config";
import { type Adapter, parameterName } from "./lora";
import type { Weights } from "./weights";

export interface Model {
  config: ModelConfig;
  weights: Weights;
}

/** Keys and values of earlier tokens, one pair a layer, each [B, G, S, D]. */
export type KeyValueCache = [tf.Tensor4D, tf.Tensor4D][];

export interface Sequence {
  ids: tf.Tensor2D; // [B, T] int32
  /** Positions of the tokens. */
  positions: tf.Tensor2D; // [B, T] int32
  /** Added to the attention scores: 0 where a query may look, −1e9 where not. */
  bias: tf.Tensor4D; // [B or 1, 1, T, S]
  cache?: KeyValueCache;
}

export interface Hidden {
  hidden: tf.Tensor2D; // [B·T, d]
  cache: KeyValueCache;
}

/** The last hidden states after the final norm. With `adapter` null the base speaks: that is the reference policy. */
export function transformer(
  { config, weights }: Model,
  adapter: Adapter | null,
  { ids, positions, bias, cache }: Sequence,
): Hidden {
  const { heads: H, kvHeads: G, headDim: D, rmsEpsilon } = config;
  const [B, T] = ids.shape;
  const norm = (x: tf.Tensor2D, name: string) => rmsNorm(x, weights.vector(name), rmsEpsilon);
  const rope = rotaryTables(config, positions); // 2 × [B, T, 1, D]
  const next: KeyValueCache = [];

  let x: tf.Tensor2D = tf.gather(weights.embedding, ids.flatten()); // [B·T, d]
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}.`;
    const project = (input: tf.Tensor2D, name: string) => {
      const a = adapter?.weights.get(parameterName(layer, name, "A"));
      const b = adapter?.weights.get(parameterName(layer, name, "B"));
      return linear(
        input,
        weights.matrix(`${at}${name}.weight`),
        adapter && a && b ? { a, b, scale: adapter.alpha / adapter.rank } : null,
      );
    };

    const h = norm(x, `${at}input_layernorm.weight`);
    const q = rotate(project(h, "self_attn.q_proj").reshape([B, T, H, D]), rope).transpose<tf.Tensor4D>([0, 2, 1, 3]); // [B, H, T, D]
    const k = rotate(project(h, "self_attn.k_proj").reshape([B, T, G, D]), rope).transpose<tf.Tensor4D>([0, 2, 1, 3]); // [B, G, T, D]
    const v = project(h, "self_attn.v_proj").reshape([B, T, G, D]).transpose<tf.Tensor4D>([0, 2, 1, 3]); // [B, G, T, D]
    const past = cache?.[layer];
    const keys = past ? tf.concat4d([past[0], k], 2) : k; // [B, G, S, D]
    const values = past ? tf.concat4d([past[1], v], 2) : v; // [B, G, S, D]
    next.push([keys, values]);
    const mixed = attention(q, keys, values, bias)
      .transpose([0, 2, 1, 3])
      .reshape([B * T, H * D]) as tf.Tensor2D;
    x = x.add(project(mixed, "self_attn.o_proj"));

    const m = norm(x, `${at}post_attention_layernorm.weight`);
    x = x.add(project(swiglu(project(m, "mlp.gate_proj"), project(m, "mlp.up_proj")), "mlp.down_proj"));
  }
  return { hidden: norm(x, "model.norm.weight"), cache: next };
}

/** Cosines and sines of RoPE (Su et al. 2021, arXiv 2104.09864), half-split: frequency i turns dimensions i and i + D/2. */
function rotaryTables({ headDim: D, ropeTheta }: ModelConfig, positions: tf.Tensor2D): [tf.Tensor4D, tf.Tensor4D] {
  const [B, T] = positions.shape;
  const frequencies = Float32Array.from({ length: D }, (_, i) => ropeTheta ** (-(i % (D / 2)) / (D / 2)));
  const angles = positions
    .toFloat()
    .reshape([B, T, 1, 1])
    .mul(tf.tensor4d(frequencies, [1, 1, 1, D])); // [B, T, 1, D]
  return [angles.cos() as tf.Tensor4D, angles.sin() as tf.Tensor4D];
}

/** Logits of some rows of the hidden states. */
export function logits({ weights }: Model, hidden: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(hidden, weights.head, false, true); // [N, V]
}

/** Sequence input of right-padded rows: positions 0…T−1, causal attention; padding follows every token it could disturb. */
export function causal(ids: tf.Tensor2D): Sequence {
  const [B, T] = ids.shape;
  return {
    ids,
    positions: tf.tile(tf.range(0, T, 1, "int32").expandDims<tf.Tensor2D>(0), [B, 1]),
    bias: causalBias(T),
  };
}

function causalBias(T: number): tf.Tensor4D {
  const bias = new Float32Array(T * T);
  for (let i = 0; i < T; i++) bias.fill(-1e9, i * T + i + 1, (i + 1) * T);
  return tf.tensor4d(bias, [1, 1, T, T]);
}
