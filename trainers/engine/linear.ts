// y = x Wᵀ + scale · (x Aᵀ) Bᵀ with W frozen: one node on the tape, and no gradient of W is ever computed.
import { matMulBfloat16, toBfloat16 } from "./custom";
import { fused } from "./ops";
import { tf } from "./tensorflow";

/** A frozen matrix [out, in], behind the two products that training needs; float32 and bfloat16 differ only here. */
export interface FrozenMatrix {
  /** x Wᵀ: [N, in] → [N, out]. */
  timesTransposed(x: tf.Tensor2D): tf.Tensor2D;
  /** x W: [N, out] → [N, in]. */
  times(x: tf.Tensor2D): tf.Tensor2D;
}

export interface LowRank {
  a: tf.Tensor2D; // [r, in]
  b: tf.Tensor2D; // [out, r]
  scale: number;
}

/** Takes over `weight`: the bfloat16 form replaces it. */
export function frozenMatrix(weight: tf.Tensor2D, dtype: "float32" | "bfloat16"): FrozenMatrix {
  if (dtype === "float32")
    return { timesTransposed: (x) => tf.matMul(x, weight, false, true), times: (x) => tf.matMul(x, weight) };
  const narrow = toBfloat16(weight);
  weight.dispose();
  return { timesTransposed: (x) => matMulBfloat16(x, narrow, true), times: (x) => matMulBfloat16(x, narrow, false) };
}

/** A linear layer over a frozen matrix and an optional adapter, or over a matrix that is trained itself. */
export function linear(x: tf.Tensor2D, weight: FrozenMatrix | tf.Tensor2D, adapter: LowRank | null): tf.Tensor2D {
  if (weight instanceof tf.Tensor) return tf.matMul(x, weight, false, true); // [N, out]
  if (!adapter)
    return fused<tf.Tensor2D>(
      [x],
      (x) => ({ value: weight.timesTransposed(x as tf.Tensor2D), saved: [] }),
      (dy) => [weight.times(dy)],
    );
  const { scale } = adapter;
  return fused<tf.Tensor2D>(
    [x, adapter.a, adapter.b],
    (x, a, b) => {
      const low = tf.matMul(x!, a!, false, true).mul(scale) as tf.Tensor2D; // [N, r]
      return { value: weight.timesTransposed(x as tf.Tensor2D).add(tf.matMul(low, b!, false, true)), saved: [low] };
    },
    (dy, [x, a, b], [low]) => {
      const g = tf.matMul(dy, b as tf.Tensor2D).mul(scale); // [N, r]
      return [
        weight.times(dy).add(tf.matMul(g, a!)),
        tf.matMul(g, x!, true, false),
        tf.matMul(dy, low as tf.Tensor2D, true, false),
      ];
    },
  );
}
