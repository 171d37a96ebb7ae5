// Rotary positions (Su et al. 2021, arXiv 2104.09864), half-split: frequency i turns dimensions i and i + D/2.
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "./config";

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

/** θ^(−2i/D) for i < D/2, in radians a token, stretched as the model's scaling says. */
export function rotaryFrequencies({ headDim: D, ropeTheta, ropeScaling }: ModelConfig): number[] {
  const plain = Array.from({ length: D / 2 }, (_, i) => ropeTheta ** ((-2 * i) / D));
  if (ropeScaling.type === "none") return plain;
  if (ropeScaling.type === "linear") return plain.map((frequency) => frequency / ropeScaling.factor);
  // Llama 3.1: wavelengths over the old context are stretched by `factor`, short ones are kept, those between are blended.
  const { factor, lowFactor, highFactor, originalContext } = ropeScaling;
  return plain.map((frequency) => {
    const turns = (originalContext * frequency) / (2 * Math.PI); // over the old context
    const keep = Math.min(1, Math.max(0, (turns - lowFactor) / (highFactor - lowFactor)));
    return keep * frequency + ((1 - keep) * frequency) / factor;
  });
}
