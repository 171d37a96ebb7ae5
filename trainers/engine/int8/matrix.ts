// A frozen matrix that is held in 8 bits a number. Where native/ does not multiply it as it is, its numbers are made for each product.
import { barrier } from "../custom";
import { rowSquares, type WithRows } from "../linear";
import { tf } from "../tensorflow";
import { fromInt8, roundedRows, toInt8 } from "./codes";

/** Takes over `parts`, each [out, in], and holds them one below the other. */
export function int8Matrix(parts: tf.Tensor2D[]): WithRows {
  const int8 = toInt8(parts);
  const rows = (after: tf.Tensor) => fromInt8({ ...int8, words: barrier(int8.words, after) }); // else a graph would make all matrices when it begins
  return {
    ...{ int8, rows, dtype: "float32" },
    timesTransposed: (x) => tf.matMul(roundedRows(x as tf.Tensor2D), rows(x), false, true),
    times: (x) => tf.matMul(x as tf.Tensor2D, rows(x)),
    rowSquares: () => tf.tidy(() => rowSquares(fromInt8(int8))),
  };
}
