// Matrices in GGUF's blocks against what the gguf package of PyPI reads from the same bytes (data/golden/make-gguf-blocks.py, make-gguf-k-blocks.py),
// by the own op and without, compiled and not.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withoutNative } from "../../../test/without-native";
import { compile } from "../jit/compile";
import { type FrozenMatrix, frozenMatrix, frozenRows, linear, rowSquares, rowsOf } from "../linear";
import { native } from "../native";
import { stackedMatrix } from "../stacked";
import { tf } from "../tensorflow";
import { blockMatrix } from "./matrix";
import { type BlockRows, type HeldType, heldTypes } from "./types";

const golden = JSON.parse(readFileSync("data/golden/gguf-blocks.json", "utf8")) as {
  types: Record<HeldType, { bytes: string; values: number[] }>;
};
const types = Object.keys(heldTypes) as HeldType[];

/** The package's blocks one below the other, all of them `times` over, in rows of `columns`. */
function goldenRows(type: HeldType, columns: number, times = 1): { blocks: BlockRows; values: tf.Tensor2D } {
  const { bytes, values } = golden.types[type];
  const all = Array.from({ length: times }, () => values).flat();
  const shape: [number, number] = [all.length / columns, columns];
  const repeated = Buffer.concat(Array.from({ length: times }, () => Buffer.from(bytes, "base64")));
  return { blocks: { type, shape, bytes: new Uint8Array(repeated) }, values: tf.tensor2d(all, shape) };
}

const ways = [withoutNative, <Result>(compute: () => Result) => compute()];
const distance = (a: tf.Tensor, b: tf.Tensor) => a.sub(b).abs().max().dataSync()[0];

test("the op is there: else the next would compare a path with itself", () => {
  expect(native()).toBe(true);
});

test.each(types)("%s: the numbers are bit for bit those of the gguf package", (type) => {
  const { blocks, values } = goldenRows(type, heldTypes[type].values);
  for (const way of ways)
    way(() => {
      expect(distance(rowsOf(blockMatrix([blocks], "float32").rows, values), values)).toBe(0);
    });
});

// 32 numbers a row: 21 rows of each type of 32, and 112 of those of 256, whose rows are taken apart into shorter ones
const mixed = () => types.map((type) => goldenRows(type, 32, 7));

test.each(["float32", "bfloat16"] as const)(
  "types stacked on one another: both products and their gradients are those over the expanded matrix in %s",
  (dtype) => {
    const parts = mixed();
    const read = tf.concat2d(
      parts.map(({ values }) => values),
      0,
    );
    const [x, dy] = [normal([4, 32], 7), normal([4, read.shape[0]], 8)];
    const expected = results(frozenMatrix(read.clone(), dtype), x, dy);
    for (const way of ways)
      way(() => {
        const matrix = blockMatrix(
          parts.map(({ blocks }) => blocks),
          dtype,
        );
        expect(results(matrix, x, dy)).toEqual(expected);
        expect(matrix.rowSquares().dataSync()).toEqual(rowSquares(read).dataSync());
      });
  },
);

test("blocks between matrices in full are the numbers of all, one below the other", () => {
  const { blocks, values } = goldenRows("Q5_1", 32);
  const [above, below] = [normal([2, 32], 1), normal([5, 32], 2)];
  const read = tf.concat2d([above, values, below], 0);
  const [x, dy] = [normal([4, 32], 7), normal([4, read.shape[0]], 8)];
  const expected = results(frozenMatrix(read.clone(), "float32"), x, dy);
  const matrix = stackedMatrix([
    frozenRows(above.clone(), "float32"),
    blockMatrix([blocks], "float32"),
    frozenRows(below.clone(), "float32"),
  ]);
  expect(results(matrix, x, dy)).toEqual(expected);
});

const normal = (shape: [number, number], seed: number) =>
  tf.randomNormal<tf.Rank.R2>(shape, 0, 1, "float32", seed) as tf.Tensor2D;

/** Both products, and the gradient through a layer, at once and compiled. */
function results(weight: FrozenMatrix, x: tf.Tensor2D, dy: tf.Tensor2D): Float32Array[] {
  const all = ({ x, dy }: { x: tf.Tensor2D; dy: tf.Tensor2D }) => {
    const loss = (x: tf.Tensor2D) => linear(x, weight, null).mul(dy).sum<tf.Scalar>();
    return [weight.timesTransposed(x), weight.times(dy), tf.grad(loss as (x: tf.Tensor) => tf.Scalar)(x)];
  };
  return [...all({ x, dy }), ...compile(all)({ x, dy })].map((made) => made.dataSync<"float32">());
}
