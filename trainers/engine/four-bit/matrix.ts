// A frozen matrix that stays in 4 bits a number and is made float32 or bfloat16 for each of its products (QLoRA, Dettmers et al. 2023):
// memory holds the full numbers of the layer at hand only.
import type { FourBitType } from "../../../spec/fields/model";
import { barrier, toBfloat16, unpacked } from "../custom";
import { signedMap } from "../dynamic-map";
import { type FrozenMatrix, rowSquares, type WithRows } from "../linear";
import { native, nativeOp } from "../native";
import { madeMatrix, matrixOp } from "../stacked";
import { tf } from "../tensorflow";
import { filled, words } from "../words";
import { blockSize, type FourBit, levelsOf, quantise } from "./quantise";
import { groupSize, type NestedScales } from "./scales";

/** One or several matrices, one below the other: each begins a new block. */
interface Held {
  /** Eight codes a word. */
  codes: tf.Tensor1D;
  scales: tf.Tensor1D | HeldScales;
  levels: tf.Tensor1D; // [16]
  /** Numbers of each. */
  sizes: number[];
}

interface HeldScales {
  /** Four codes a word. */
  codes: tf.Tensor1D;
  groups: tf.Tensor1D;
  offsets: tf.Tensor1D; // of each matrix
  map: tf.Tensor1D; // [256]
}

/** Takes over `parts`, each [out, in], and holds them one below the other. */
export function fourBitMatrix(
  parts: tf.Tensor2D[],
  dtype: "float32" | "bfloat16",
  quantisation: FourBitType,
): WithRows {
  const shape: [number, number] = [parts.reduce((sum, part) => sum + part.shape[0], 0), parts[0]!.shape[1]];
  const held = hold(
    parts.map((part) => quantise(part.dataSync<"float32">(), quantisation)),
    levelsOf(quantisation),
  );
  tf.dispose(parts);
  const made = native() ? nativeRows : plainRows;
  const rows = (after: tf.Tensor) => {
    const later = { ...held, codes: barrier(held.codes, after) }; // else a graph would make all matrices when it begins
    return made(later, shape, dtype);
  };
  const squares = tf.tidy(() => rowSquares(made(held, shape, "float32")));
  return madeMatrix(rows, squares, dtype);
}

function hold(parts: FourBit[], levels: Float32Array): Held {
  const nested = parts.flatMap(({ scales }) => (scales instanceof Float32Array ? [] : [scales]));
  return {
    codes: words(parts.map(({ codes, size }) => filled(codes, (Math.ceil(size / blockSize) * blockSize) / 2))),
    scales: nested.length > 0 ? holdScales(nested) : numbers(parts.map(({ scales }) => scales as Float32Array)),
    levels: tf.tensor1d(levels),
    sizes: parts.map(({ size }) => size),
  };
}

const holdScales = (parts: NestedScales[]): HeldScales => ({
  codes: words(parts.map(({ codes }) => codes)),
  groups: numbers(parts.map(({ scales }) => scales)),
  offsets: tf.tensor1d(parts.map(({ offset }) => offset)),
  map: tf.tensor1d(signedMap),
});

const numbers = (parts: Float32Array[]) => tf.tidy(() => tf.concat1d(parts.map((part) => tf.tensor1d(part))));

const blocksOf = (size: number) => Math.ceil(size / blockSize);

const nativeScales = nativeOp<{ count: number }>("WorkbenchScales", ({ count }) => ({
  attributes: {},
  outputs: [{ name: "scales", shape: [count], dtype: "float32" }],
}));

const nativeMatrix = matrixOp("WorkbenchDequantise");

/** By native/four-bit.cc. */
function nativeRows(
  { codes, scales: given, levels, sizes }: Held,
  shape: [number, number],
  dtype: FrozenMatrix["dtype"],
) {
  const counts = tf.tensor1d(sizes, "int32");
  const count = sizes.reduce((sum, size) => sum + blocksOf(size), 0);
  const scales =
    given instanceof tf.Tensor
      ? given
      : nativeScales([given.codes, given.groups, given.offsets, counts, given.map], { count })[0]!;
  return nativeMatrix([codes, scales, counts, levels], { shape, dtype });
}

/** The same in TensorFlow's own ops. */
function plainRows(
  { codes, scales: given, levels, sizes }: Held,
  shape: [number, number],
  dtype: FrozenMatrix["dtype"],
) {
  const scales = given instanceof tf.Tensor ? given : plainScales(given, sizes);
  const places = unpacked(codes, [4, 0, 12, 8, 20, 16, 28, 24], 15).flatten(); // of each byte the upper half first
  const all = tf.gather(levels, places).reshape([-1, blockSize]).mul(scales.expandDims(1)).flatten();
  const matrix = tf.concat1d(cut(all, sizes, (size) => blocksOf(size) * blockSize)).reshape<tf.Tensor2D>(shape);
  return dtype === "bfloat16" ? toBfloat16(matrix) : matrix;
}

function plainScales({ codes, groups, offsets, map }: HeldScales, sizes: number[]): tf.Tensor1D {
  const counts = sizes.map(blocksOf);
  const values = tf.gather(map, unpacked(codes, [0, 8, 16, 24], 255).flatten());
  const own = cut(
    groups,
    counts.map((count) => Math.ceil(count / groupSize)),
    (count) => count,
  );
  const parts = cut(values, counts, (count) => count).map((part, i) => {
    const count = counts[i]!;
    const whole = own[i]!.shape[0]! * groupSize;
    const grouped = part.pad([[0, whole - count]]).reshape([-1, groupSize]);
    return grouped
      .mul(own[i]!.expandDims(1))
      .flatten()
      .slice<tf.Tensor1D>(0, count)
      .add<tf.Tensor1D>(offsets.slice(i, 1));
  });
  return tf.concat1d(parts);
}

/** The first `sizes` numbers of pieces that lie one after the other, each `room(size)` long. */
function cut(x: tf.Tensor1D, sizes: number[], room: (size: number) => number): tf.Tensor1D[] {
  let start = 0;
  return sizes.map((size) => {
    const piece = x.slice(start, size);
    start += room(size);
    return piece;
  });
}
