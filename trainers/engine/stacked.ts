// A frozen matrix of several, one below the other, that are held in different ways: each is made float32 or bfloat16 for each of its products.
import { matMulBfloat16, stackedBfloat16 } from "./custom";
import { type FrozenMatrix, rowsOf, type WithRows } from "./linear";
import { tf } from "./tensorflow";

/** Behind `rows`, which makes the matrix at each call: both of its products. */
export function madeMatrix(
  rows: (after: tf.Tensor) => tf.Tensor2D,
  squares: tf.Tensor1D,
  dtype: FrozenMatrix["dtype"],
): WithRows {
  const product = (x: tf.Tensor, transposed: boolean): tf.Tensor2D =>
    dtype === "bfloat16"
      ? matMulBfloat16(x as tf.Tensor2D, rows(x), transposed)
      : tf.matMul(x as tf.Tensor2D, rows(x), false, transposed);
  return {
    ...{ rows, dtype, rowSquares: () => squares },
    timesTransposed: (x) => product(x, true),
    times: (x) => product(x, false),
  };
}

/** `parts` are of one dtype and one width. */
export function stackedMatrix(parts: WithRows[]): WithRows {
  const [first] = parts;
  if (parts.length === 1) return first!;
  const { dtype } = first!;
  const rows = (after: tf.Tensor) => {
    const made = parts.map((part) => rowsOf(part.rows, after));
    return dtype === "bfloat16" ? stackedBfloat16(made) : tf.concat2d(made, 0);
  };
  const squares = tf.tidy(() => tf.concat1d(parts.map((part) => part.rowSquares())));
  return madeMatrix(rows, squares, dtype);
}
