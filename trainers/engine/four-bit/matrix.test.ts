// Products over 4-bit matrices against the same over the numbers that their codes stand for, by the own ops and without, compiled and not.
import { expect, test } from "vitest";
import { fourBitTypes } from "../../../spec/fields/model";
import { withoutNative } from "../../../test/without-native";
import { compile } from "../jit/compile";
import { type FrozenMatrix, frozenMatrix, frozenRows, linear, rowSquares, rowsOf } from "../linear";
import { stackedMatrix } from "../stacked";
import { tf } from "../tensorflow";
import { fourBitMatrix } from "./matrix";
import { dequantise, quantise } from "./quantise";

const normal = (shape: [number, number], seed: number) =>
  tf.randomNormal<tf.Rank.R2>(shape, 0, 1, "float32", seed) as tf.Tensor2D;

// whole blocks; a last block that is not; parts that begin new blocks, of one with more than a group of 256; an odd number
const shapes: [number, number][][] = [
  [[8, 64]],
  [[3, 50]],
  [
    [300, 80],
    [1, 7],
    [64, 65],
  ].map(([out]) => [out!, 80]),
  [
    [5, 7],
    [2, 7],
  ],
];

test.each(fourBitTypes)(
  "%s: both products and their gradients are those of the numbers behind the codes",
  (quantisation) => {
    for (const sizes of shapes)
      for (const dtype of ["float32", "bfloat16"] as const) {
        const parts = sizes.map((shape, i) => normal(shape, i + 1));
        const values = parts.map((part, i) =>
          tf.tensor2d(dequantise(quantise(part.dataSync<"float32">(), quantisation), quantisation), sizes[i]!),
        );
        const read = tf.concat2d(values, 0);
        const [x, dy] = [normal([4, read.shape[1]], 7), normal([4, read.shape[0]], 8)];
        const expected = results(frozenMatrix(read.clone(), dtype), x, dy);
        const copies = () => parts.map((part) => part.clone());
        for (const way of [withoutNative, <Result>(compute: () => Result) => compute()])
          way(() => {
            expect(results(fourBitMatrix(copies(), dtype, quantisation), x, dy)).toEqual(expected);
            const { rows } = fourBitMatrix(copies(), "float32", quantisation);
            expect(rowsOf(rows!, x).dataSync()).toEqual(read.dataSync());
          });
      }
  },
);

test("a matrix of 4-bit parts and of others is the numbers of all, one below the other", () => {
  const parts = [normal([8, 64], 1), normal([4, 64], 2), normal([3, 64], 3)];
  for (const dtype of ["float32", "bfloat16"] as const) {
    const inCodes = (part: tf.Tensor2D) =>
      tf.tensor2d(dequantise(quantise(part.dataSync<"float32">(), "nf4"), "nf4"), part.shape);
    const read = tf.concat2d([inCodes(parts[0]!), parts[1]!, inCodes(parts[2]!)], 0);
    const [x, dy] = [normal([4, 64], 7), normal([4, 15], 8)];
    const expected = results(frozenMatrix(read.clone(), dtype), x, dy);
    for (const way of [withoutNative, <Result>(compute: () => Result) => compute()])
      way(() => {
        const [first, second, third] = parts.map((part) => part.clone());
        const matrix = stackedMatrix([
          fourBitMatrix([first!], dtype, "nf4"),
          frozenRows(second!, dtype),
          fourBitMatrix([third!], dtype, "nf4"),
        ]);
        expect(results(matrix, x, dy)).toEqual(expected);
        expect(matrix.rowSquares().dataSync()).toEqual(rowSquares(read).dataSync());
      });
  }
});

/** Both products, and the gradient through a layer, at once and compiled. */
function results(weight: FrozenMatrix, x: tf.Tensor2D, dy: tf.Tensor2D): Float32Array[] {
  const all = ({ x, dy }: { x: tf.Tensor2D; dy: tf.Tensor2D }) => {
    const loss = (x: tf.Tensor2D) => linear(x, weight, null).mul(dy).sum<tf.Scalar>();
    return [weight.timesTransposed(x), weight.times(dy), tf.grad(loss as (x: tf.Tensor) => tf.Scalar)(x)];
  };
  return [...all({ x, dy }), ...compile(all)({ x, dy })].map((made) => made.dataSync<"float32">());
}
