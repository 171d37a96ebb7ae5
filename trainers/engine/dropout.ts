// Dropout (Srivastava et al. 2014). The mask follows from a seed, so it is drawn again wherever it is needed rather than kept: in a backward
// pass, and in blocks that are computed again.
import { createRandom } from "../../common/random";
import { barrier, uniform } from "./custom";
import { fused } from "./ops";
import { tf } from "./tensorflow";

export interface Dropout {
  /** The probability with which a number becomes 0. */
  rate: number;
  seed: tf.Tensor1D; // [2] int32
}

/** Two numbers below 2³⁰, so that a layer's can be added to the second. */
export const dropoutSeed = (...name: (string | number)[]): tf.Tensor1D => {
  const random = createRandom("dropout", ...name);
  return tf.tensor1d([below(random), below(random)], "int32");
};
const below = (random: () => number) => Math.floor(2 ** 30 * random());

/** Of one layer, by its name: each draws a mask of its own. */
export const dropoutOf = ({ rate, seed }: Dropout, module: string): Dropout => ({
  rate,
  seed: seed.add(tf.tensor1d([0, below(createRandom(module))], "int32")),
});

/** 0 with the probability `rate`, else 1 / (1 − rate), so that what is expected stays. Drawn once `after` is known. */
const maskOf = (shape: number[], rate: number, seed: tf.Tensor, after: tf.Tensor): tf.Tensor =>
  uniform(shape, barrier(seed, after) as tf.Tensor1D)
    .greaterEqual(rate)
    .toFloat()
    .mul(1 / (1 - rate));

/** x ∘ mask. */
export const dropped = (x: tf.Tensor2D, { rate, seed }: Dropout): tf.Tensor2D =>
  fused<tf.Tensor2D>(
    [x],
    (x) => ({ value: x!.mul(maskOf(x!.shape, rate, seed, x!)), saved: [seed] }),
    (dy, _, [seed]) => [dy.mul(maskOf(dy.shape, rate, seed!, dy))],
  );

/** (x ∘ mask) Aᵀ, which keeps x alone. x [N, in], a [r, in] → [N, r] */
export const droppedProduct = (x: tf.Tensor2D, a: tf.Tensor2D, { rate, seed }: Dropout): tf.Tensor2D =>
  fused<tf.Tensor2D>(
    [x, a],
    (x, a) => ({
      value: tf.matMul(x!.mul(maskOf(x!.shape, rate, seed, x!)), a!, false, true),
      saved: [seed],
    }),
    (dy, [x, a], [seed]) => {
      const mask = maskOf(x!.shape, rate, seed!, dy);
      return [tf.matMul(dy, a!).mul(mask), tf.matMul(dy, x!.mul(mask), true)];
    },
  );
