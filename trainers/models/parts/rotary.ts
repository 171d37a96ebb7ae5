// Rotary positions (Su et al. 2021, arXiv 2104.09864), half-split: frequency i turns dimensions i and i + D/2.
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../config";
import { rotaryFrequencies } from "./rope-frequencies";

/** Cosines and sines of every token's angles, times D^−¼: turning q and k by them puts attention's 1/√D in. positions [B, T] → 2 × [B, T, 1, D] */
export function rotaryTables(config: ModelConfig, positions: tf.Tensor2D): [tf.Tensor4D, tf.Tensor4D] {
  const [B, T] = positions.shape;
  const half = rotaryFrequencies(config);
  const angles = positions
    .toFloat()
    .reshape([B, T, 1, 1])
    .mul(tf.tensor1d([...half, ...half])); // [B, T, 1, D]
  const scale = config.headDim ** -0.25;
  return [angles.cos().mul(scale), angles.sin().mul(scale)];
}
