// A frozen matrix of several, one below the other, that are held in different ways: each is made float32 or bfloat16 for each of its products.
import { BFLOAT16, FLOAT } from "./binding";
import { matMulBfloat16, stackedBfloat16 } from "./custom";
import { type FrozenMatrix, rowsOf, type WithRows } from "./linear";
import { nativeOp } from "./native";
import { tf } from "./tensorflow";

/** An op of native/ that makes a matrix out of how it is held. */
export function matrixOp(name: string) {
  const op = nativeOp<{ shape: [number, number]; dtype: FrozenMatrix["dtype"] }>(name, ({ shape, dtype }) => {
    const T = dtype === "float32" ? FLOAT : BFLOAT16;
    return {
      attributes: { T: { type: T }, rows: { int: shape[0] }, columns: { int: shape[1] } },
      outputs: [{ name: "matrix", shape, dtype: "float32", dataType: T }],
    };
  });
  return (held: tf.Tensor[], as: Parameters<typeof op>[1]) => op(held, as)[0] as tf.Tensor2D;
}

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
