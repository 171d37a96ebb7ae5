// The Llama forward pass in plain tf.*: RMSNorm, rotary positions, grouped-query attention, a gated MLP.
// B rows, T tokens, S keys, d hidden, H heads, G key/value heads, D head width, V vocabulary.

import { type Adapter, blockWeights, layerChange } from "../../engine/adapter";
import { adaptedLinear, asLowRank, type FrozenMatrix, isFrozen, type LowRank } from "../../engine/linear";
import { frozenMlp } from "../../engine/mlp";
import { gated, rmsNorm, rotate } from "../../engine/ops";
import { recomputed } from "../../engine/recompute";
import { tf } from "../../engine/tensorflow";
import { linearName } from "../config";
import type { Attend, Model, Sequence } from "../model";
import { rotaryTables } from "../parts/rotary";
import { linearShapes } from "./weight-names";

/** The last hidden states after the final norm, [B·T, d]. With `adapter` null the base speaks: that is the reference policy. */
export function llamaTransformer(
  { config, weights, recompute }: Model,
  adapter: Adapter | null,
  { ids, positions }: Sequence,
  attend: Attend,
): tf.Tensor2D {
  const { heads: H, kvHeads: G, headDim: D, rmsEpsilon } = config;
  const [B, T] = ids.shape;
  const rope = rotaryTables(config, positions); // 2 × [B, T, 1, D]
  const shapes = linearShapes(config);
  const norm = (x: tf.Tensor2D, name: string) => rmsNorm(x, weights.vector(name), rmsEpsilon);

  function block(x: tf.Tensor2D, layer: number): tf.Tensor2D {
    const at = `model.layers.${layer}.`;
    const change = (name: string) => layerChange(adapter, `${at}${name}`);
    /** The layers `names`, which all read `input`, side by side. */
    const project = (input: tf.Tensor2D, ...names: string[]): tf.Tensor2D => {
      const biases = names
        .filter((name) => config.biases.includes(name))
        .map((name) => weights.vector(`${at}${name}.bias`));
      return adaptedLinear(
        input,
        weights.matrix(...names.map((name) => linearName(layer, name))),
        biases.length === 0 ? null : tf.concat(biases),
        names.map((name) => ({ size: shapes[name]![0], change: change(name) })),
      );
    };
    const byHead = (x: tf.Tensor) => x.transpose<tf.Tensor4D>([0, 2, 1, 3]); // [B, T, heads, D] → [B, heads, T, D]

    const h = norm(x, `${at}input_layernorm.weight`);
    const qkv = project(h, "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj").reshape([B, T, H + 2 * G, D]);
    const [turned, v] = tf.split(qkv, [H + G, G], 2) as [tf.Tensor4D, tf.Tensor4D];
    const [q, k] = tf.split(byHead(rotate(turned, rope)), [H, G], 1) as [tf.Tensor4D, tf.Tensor4D]; // [B, H or G, T, D]
    const mixed = byHead(attend(layer, q, k, byHead(v))).reshape<tf.Tensor2D>([B * T, H * D]);
    const middle: tf.Tensor2D = x.add(project(mixed, "self_attn.o_proj"));

    const m = norm(middle, `${at}post_attention_layernorm.weight`);
    return middle.add(mlp(m));

    function mlp(m: tf.Tensor2D): tf.Tensor2D {
      const names = ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"] as const;
      const matrices = names.map((name) => weights.matrix(linearName(layer, name)));
      const updates = asLowRank(names.map(change));
      if (updates === null || !matrices.every(isFrozen))
        return project(gated(project(m, names[0]), project(m, names[1]), config.activation), names[2]);
      const [gate, up, down] = matrices as Three<FrozenMatrix>;
      const [forGate, forUp, forDown] = updates as Three<LowRank | null>;
      return frozenMlp(m, { gate, up, down }, { gate: forGate, up: forUp, down: forDown }, config.activation);
    }
  }

  let x: tf.Tensor2D = tf.gather(weights.embedding, ids.flatten()); // [B·T, d]
  for (let layer = 0; layer < config.layers; layer++)
    x = recompute === "block" ? recomputed((x) => block(x, layer), x, blockWeights(adapter, layer)) : block(x, layer);
  return norm(x, "model.norm.weight");
}

type Three<T> = [T, T, T];
