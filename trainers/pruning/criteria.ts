// Which weights of a linear layer are pruned: those with the lowest scores among those that they are compared with.
//   magnitude  S_ij = |W_ij|            compared over the whole layer   (Han et al. 2015, arXiv 1506.02626)
//   Wanda      S_ij = |W_ij| · ‖X_j‖₂   compared within each output row (Sun et al. 2024, arXiv 2306.11695, equation 1)
// X [N, in] is what the layer reads of N tokens of calibration text. In an N:M pattern N of each M weights beside each other in a row are kept.
import { tf } from "../engine/tensorflow";

export interface Criterion {
  /** w [out, in], squares [in]: ‖X_j‖² → [out, in] */
  scores(w: tf.Tensor2D, squares: tf.Tensor1D): tf.Tensor2D;
  among: "layer" | "row";
}

/** Without calibration text `squares` are ones. */
export const magnitude: Criterion = { scores: (w) => w.abs(), among: "layer" };
export const wanda: Criterion = { scores: (w, squares) => w.abs().mul(squares.sqrt()), among: "row" };

/** A share of the weights that go, or N of M that are kept. */
export type Amount = { sparsity: number } | { keep: number; of: number };

/** 1 where a weight is kept, [out, in]. Of equal scores the first goes, as a stable sort has it. */
export function keptWeights(scores: tf.Tensor2D, { among }: Criterion, amount: Amount): tf.Tensor2D {
  const [rows, columns] = scores.shape;
  if ("of" in amount && columns % amount.of !== 0)
    throw new Error(`rows of ${columns} weights cannot be cut into groups of ${amount.of}; prune by a share instead`);
  const size = "of" in amount ? amount.of : among === "row" ? columns : rows * columns;
  const pruned = "of" in amount ? amount.of - amount.keep : Math.floor(size * amount.sparsity);
  return lowest(scores.reshape([-1, size]), pruned).reshape(scores.shape);
}

/** 0 at the `count` lowest of each row, 1 elsewhere. */
function lowest(scores: tf.Tensor2D, count: number): tf.Tensor2D {
  const size = scores.shape[1];
  const kept = new Float32Array(scores.size).fill(1);
  if (count > 0) {
    const { indices } = tf.topk(scores.neg(), count); // of equals it takes the first
    indices.dataSync().forEach((column, i) => {
      kept[Math.floor(i / count) * size + column] = 0;
    });
  }
  return tf.tensor2d(kept, scores.shape);
}
