// Adafactor (Shazeer & Stern 2018, arXiv 1804.04235, algorithms 4 and 5) with the options of Transformers' trainer: the learning rate is the
// given one (no relative steps, no scaling by the size of the weights), without momentum, d = 1, β̂₂ = 1 − t^−0.8, ε₁ = 1e-30.
import { tf } from "../../engine/tensorflow";
import type { Rule } from "./rule";

const [threshold, regulariser] = [1, 1e-30];

/** Of a matrix, the means of its squared gradients' rows and columns; of a vector, its squared gradients. */
type Slot = "row" | "column" | "square";

export const adafactor: Rule<Slot, "kept" | "taken" | "rate" | "decay"> = {
  start(variable) {
    const { rank, shape } = variable;
    const kept: Partial<Record<Slot, tf.Tensor>> =
      rank < 2
        ? { square: tf.zerosLike(variable) }
        : { row: tf.zeros(shape.slice(0, -1)), column: tf.zeros(shape.toSpliced(-2, 1)) };
    return kept as Record<Slot, tf.Tensor>;
  },
  scalars: ({ weightDecay }, t, learningRate) => ({
    kept: 1 - t ** -0.8,
    taken: t ** -0.8,
    rate: learningRate,
    decay: 1 - learningRate * weightDecay,
  }),
  update({ variable, gradient, slots, scalars: { kept, taken, rate, decay } }) {
    const squared = gradient.square().add(regulariser);
    const mixed = (before: tf.Tensor, now: tf.Tensor) => before.mul(kept).add(now.mul(taken));
    let [next, scaled]: [Partial<Record<Slot, tf.Tensor>>, tf.Tensor] = [{}, gradient];
    if (variable.rank < 2) {
      const square = mixed(slots.square, squared);
      [next, scaled] = [{ square }, gradient.mul(square.rsqrt())];
    } else {
      const row = mixed(slots.row, squared.mean(-1)); // R ← β̂₂ R + (1 − β̂₂) (G² + ε₁) 1
      const column = mixed(slots.column, squared.mean(-2));
      const rows = row.div(row.mean(-1, true)).rsqrt().expandDims(-1); // V̂ = R C / mean R, so G / √V̂ is
      [next, scaled] = [{ row, column }, gradient.mul(rows).mul(column.rsqrt().expandDims(-2))];
    }
    const clipped = scaled.div(scaled.square().mean().sqrt().div(threshold).maximum(1)); // Û = U / max(1, RMS(U) / d)
    return { variable: variable.mul(decay).sub(clipped.mul(rate)), slots: next as Record<Slot, tf.Tensor> };
  },
};
