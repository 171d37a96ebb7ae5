// A matrix in 8 bits a number, of models that are asked and not trained: native/eight-bit.h multiplies it as it is held. Each `groupSize` numbers of a
// row are rounded by the greatest of them. So are those of x, here as there: the two differ by float32's roundings.
import { nodeBackend } from "../binding";
import { unpacked } from "../custom";
import type { Int8 } from "../linear";
import { nativeOp } from "../native";
import { tf } from "../tensorflow";

export const isInt8 = (matrix: tf.Tensor2D | Int8): matrix is Int8 => !(matrix instanceof tf.Tensor);

/** As native/eight-bit.h has it. */
const groupSize = 64;
const [zero, most] = [128, 127];

/** Takes over `parts`, each [out, in], and holds them one below the other. */
export function toInt8(parts: tf.Tensor2D[]): Int8 {
  const rows = parts.reduce((sum, part) => sum + part.shape[0], 0);
  const columns = parts[0]!.shape[1];
  const groups = Math.ceil(columns / groupSize);
  const width = groupSize * groups;
  const codes = new Uint8Array(rows * width).fill(zero);
  const scales = new Float32Array(rows * groups);
  let row = 0;
  for (const part of parts) {
    for (let first = 0; first < part.shape[0]; first += rowsAtOnce) {
      const values = someRows(part, first);
      for (let at = 0; at < values.length; at += columns, row++)
        roundRow(values.subarray(at, at + columns), codes.subarray(row * width), scales.subarray(row * groups));
    }
    part.dispose();
  }
  const words = tf.tensor2d(new Int32Array(codes.buffer), [rows, width / 4], "int32");
  nodeBackend().getInputTensorIds([words]); // uploads, so that the copy in JavaScript can go
  return { words, scales: tf.tensor2d(scales, [rows, groups]), columns };
}

/** Of so many rows the numbers are in JavaScript at once. */
const rowsAtOnce = 1024;

const someRows = (part: tf.Tensor2D, first: number): Float32Array => {
  const some = part.slice([first, 0], [Math.min(rowsAtOnce, part.shape[0] - first), -1]);
  const values = some.dataSync<"float32">();
  some.dispose();
  return values;
};

/** Writes the codes and scales of a row. A group's scale is no number where one of the group is none. */
function roundRow(values: Float32Array, codes: Uint8Array, scales: Float32Array): void {
  for (let begin = 0; begin < values.length; begin += groupSize) {
    const end = Math.min(values.length, begin + groupSize);
    let greatest = 0;
    for (let k = begin; k < end; k++) greatest = Math.max(greatest, Math.abs(values[k]!));
    const scale = Math.fround(greatest / most);
    scales[begin / groupSize] = scale;
    if (scale !== 0) for (let k = begin; k < end; k++) codes[k] = zero + Math.round(values[k]! / scale);
  }
}

/** The numbers behind the codes. → [out, in] */
export const fromInt8 = ({ words, scales, columns }: Int8): tf.Tensor2D =>
  tf.tidy(() => {
    const [rows, perRow] = words.shape;
    const codes = unpacked(words.flatten(), [0, 8, 16, 24], 255).reshape([rows, -1, groupSize]);
    const numbers = codes.sub(tf.scalar(zero, "int32")).toFloat().mul(scales.expandDims(2));
    return numbers.reshape<tf.Tensor2D>([rows, 4 * perRow]).slice<tf.Tensor2D>([0, 0], [-1, columns]);
  });

/** x as a product with such a matrix reads it. [N, in] → [N, in] */
export const roundedRows = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.tidy(() => {
    const [rows, columns] = x.shape;
    const groups = Math.ceil(columns / groupSize);
    const filled = tf.pad(x, [
      [0, 0],
      [0, groups * groupSize - columns],
    ]);
    const grouped = filled.reshape([rows, groups, groupSize]);
    const greatest = tf.maximum(grouped.abs().max(-1, true), 1e-30);
    const rounded = grouped.mul(tf.div(most, greatest)).round().mul(greatest.div(most));
    return rounded.reshape<tf.Tensor2D>([rows, groups * groupSize]).slice<tf.Tensor2D>([0, 0], [-1, columns]);
  });

const product = nativeOp("WorkbenchInt8Product", (_: object, [x, words]) => ({
  attributes: {},
  outputs: [{ name: "y", shape: [x![0]!, words![0]!], dtype: "float32" }],
}));

/** x Wᵀ by native/product.cc: [N, in] → [N, out] */
export const int8Product = (x: tf.Tensor2D, { words, scales }: Int8): tf.Tensor2D =>
  product([x, words, scales], {})[0] as tf.Tensor2D;
