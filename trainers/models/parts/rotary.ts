// Rotary positions (Su et al. 2021, arXiv 2104.09864), half-split: frequency i turns dimensions i and i + R/2 of the first R.
import { rotate } from "../../engine/ops";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig, Rope } from "../config";
import type { Sequence } from "../model";
import { ntkExponent, rotaryFrequencies, rotaryScale } from "./rope-frequencies";

/** √ of what attention's scores are multiplied with: turning q and k puts it into both. */
export const scaleOf = ({ attentionScale, headDim }: ModelConfig) => Math.sqrt(attentionScale ?? headDim ** -0.5);

/**
 * Of R dimensions that turn, [R], or [B, 1, 1, R] where they depend on a row's length: each row goes by its own, as Transformers has a
 * batch of one go by it, so that what is computed of a row does not depend on the rest of its batch.
 */
function frequencies(rope: Rope, R: number, lengths: tf.Tensor1D): tf.Tensor {
  const scaling = rope.ropeScaling;
  const both = (half: number[]) => [...half, ...half];
  if (scaling.type === "longrope") {
    const { originalContext: old } = scaling;
    const rows = [old, old + 1].map((length) => both(rotaryFrequencies(rope, R, length)));
    return tf.gather(tf.tensor2d(rows), lengths.greater(old).toInt()).reshape([-1, 1, 1, R]);
  }
  const plain = both(rotaryFrequencies(rope, R));
  if (scaling.type !== "dynamic") return tf.tensor1d(plain);
  const { factor, context } = scaling;
  const stretch = lengths
    .toFloat()
    .maximum(context)
    .mul(factor / context)
    .sub(factor - 1); // [B]
  const exponents = both(Array.from({ length: R / 2 }, (_, i) => ntkExponent(i, R)));
  return stretch.log().reshape([-1, 1, 1, 1]).mul(tf.tensor1d(exponents)).exp().mul(tf.tensor1d(plain));
}

/** Cosines and sines of every token's angles, times attention's scale. positions [B, T] → 2 × [B, T, 1, R] */
export function rotaryTables(
  config: ModelConfig,
  { positions, lengths }: Pick<Sequence, "positions" | "lengths">,
  rope: Rope = config,
): [tf.Tensor4D, tf.Tensor4D] {
  const [B, T] = positions.shape;
  const tokens = lengths ?? (positions.toFloat().max(1).add(1) as tf.Tensor1D);
  const angles = positions
    .toFloat()
    .reshape([B, T, 1, 1])
    .mul(frequencies(rope, config.rotaryDims ?? config.headDim, tokens)); // [B, T, 1, R]
  const scale = scaleOf(config) * rotaryScale(rope);
  return [angles.cos().mul(scale), angles.sin().mul(scale)];
}

/** How queries and keys [B, T, heads, D] of a layer become what their positions, and attention's scale, make of them. */
export function turning(config: ModelConfig, sequence: Sequence): (x: tf.Tensor4D, layer: number) => tf.Tensor4D {
  const { headDim: D, rotaryDims: R = D, windows, unturnedLayers, localRope } = config;
  const tables = rotaryTables(config, sequence);
  const local = localRope ? rotaryTables(config, sequence, localRope) : tables;
  const scale = scaleOf(config);
  return (x, layer) => {
    if (unturnedLayers?.includes(layer)) return x.mul(scale);
    const own = windows?.[layer] == null ? tables : local;
    if (R === D) return rotate(x, own);
    const [first, rest] = tf.split(x, [R, D - R], 3) as [tf.Tensor4D, tf.Tensor4D];
    return tf.concat4d([rotate(first, own), rest.mul(scale)], 3);
  };
}
