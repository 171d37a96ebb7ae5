// Rotary positions (Su et al. 2021, arXiv 2104.09864), half-split: frequency i turns dimensions i and i + R/2 of the first R.
import { rotate } from "../../engine/ops";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig, Rope } from "../config";
import { rotaryFrequencies, rotaryScale } from "./rope-frequencies";

/** √ of what attention's scores are multiplied with: turning q and k puts it into both. */
const scaleOf = ({ attentionScale, headDim }: ModelConfig) => Math.sqrt(attentionScale ?? headDim ** -0.5);

/** Cosines and sines of every token's angles, times attention's scale. positions [B, T] → 2 × [B, T, 1, R] */
export function rotaryTables(
  config: ModelConfig,
  positions: tf.Tensor2D,
  rope: Rope = config,
): [tf.Tensor4D, tf.Tensor4D] {
  const [B, T] = positions.shape;
  const half = rotaryFrequencies(rope, config.rotaryDims ?? config.headDim);
  const angles = positions
    .toFloat()
    .reshape([B, T, 1, 1])
    .mul(tf.tensor1d([...half, ...half])); // [B, T, 1, R]
  const scale = scaleOf(config) * rotaryScale(rope);
  return [angles.cos().mul(scale), angles.sin().mul(scale)];
}

/** How queries and keys [B, T, heads, D] of a layer become what their positions, and attention's scale, make of them. */
export function turning(config: ModelConfig, positions: tf.Tensor2D): (x: tf.Tensor4D, layer: number) => tf.Tensor4D {
  const { headDim: D, rotaryDims: R = D, windows, unturnedLayers, localRope } = config;
  const tables = rotaryTables(config, positions);
  const local = localRope ? rotaryTables(config, positions, localRope) : tables;
  const scale = scaleOf(config);
  return (x, layer) => {
    if (unturnedLayers?.includes(layer)) return x.mul(scale);
    const own = windows?.[layer] == null ? tables : local;
    if (R === D) return rotate(x, own);
    const [first, rest] = tf.split(x, [R, D - R], 3) as [tf.Tensor4D, tf.Tensor4D];
    return tf.concat4d([rotate(first, own), rest.mul(scale)], 3);
  };
}
