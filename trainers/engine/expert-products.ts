// Linear layers of experts over rows that lie sorted by their expert: y = x Wₑᵀ + (x Aₑᵀ) Bₑᵀ, with or without the update.
import type { LowRank } from "./linear";
import { segmentOuter, segmentProduct } from "./segments";
import type { tf } from "./tensorflow";

/** sizes [E], x [M, in], weight [E · out, in], A [E · r, in], B [E · out, r] → [M, out] */
export function expertProduct(
  x: tf.Tensor2D,
  sizes: tf.Tensor1D,
  weight: tf.Tensor2D,
  update: LowRank | null,
): tf.Tensor2D {
  const y = segmentProduct(x, sizes, weight, true);
  if (!update) return y;
  return y.add(segmentProduct(segmentProduct(x, sizes, update.a, true), sizes, update.b, true));
}

/** The gradients that dy [M, out] is at x, and at A and B where there is an update. `x` is asked for only then. */
export function expertGradients(
  dy: tf.Tensor2D,
  x: () => tf.Tensor2D,
  sizes: tf.Tensor1D,
  weight: tf.Tensor2D,
  update: LowRank | null,
): { dx: tf.Tensor2D; ofUpdate: tf.Tensor2D[] } {
  const dx = segmentProduct(dy, sizes, weight, false);
  if (!update) return { dx, ofUpdate: [] };
  const inputs = x();
  const low = segmentProduct(inputs, sizes, update.a, true); // [M, r], computed again
  const dLow = segmentProduct(dy, sizes, update.b, false); // [M, r]
  return {
    dx: dx.add(segmentProduct(dLow, sizes, update.a, false)),
    ofUpdate: [segmentOuter(dLow, inputs, sizes), segmentOuter(dy, low, sizes)],
  };
}
