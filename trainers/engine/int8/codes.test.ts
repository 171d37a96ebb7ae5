// Codes of 8 bits, and their products by native/ beside the same rounded numbers multiplied by TensorFlow.
import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import { native } from "../native";
import { tf } from "../tensorflow";
import { fromInt8, int8Product, roundedRows, toInt8 } from "./codes";
import { int8Matrix } from "./matrix";

beforeAll(() => expect(native()).toBe(true)); // which registers the op
const random = createRandom("int8");
const numbers = (rows: number, columns: number) =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, () => (random() - 0.5) * 10 ** (2 * random())),
    [rows, columns],
  );
const values = (x: tf.Tensor2D) => x.arraySync();

test("a number is the nearest of 255 between the greatest of 64 in its row and its negative", () => {
  const w = numbers(7, 70);
  const given = values(w);
  const held = toInt8([w]);
  expect(held.words.shape).toEqual([7, 32]); // two groups of 64
  const scales = held.scales.arraySync();
  values(fromInt8(held)).forEach((row, o) => {
    row.forEach((x, k) => {
      const group = k < 64 ? 0 : 1;
      const step = Math.max(...given[o]!.slice(64 * group, 64 * group + 64).map(Math.abs)) / 127;
      expect(scales[o]![group]).toBeCloseTo(step, 6);
      expect(Math.abs(x - given[o]![k]!)).toBeLessThan((0.5 + 1e-4) * step);
    });
  });
});

test("matrices one below the other are their rows, one of zeros too", () => {
  const [a, b, none] = [numbers(3, 20), numbers(2, 20), tf.zeros<tf.Rank.R2>([1, 20])];
  const apart = [a, b].map((part) => values(fromInt8(toInt8([part.clone()]))));
  expect(values(fromInt8(toInt8([a, none, b])))).toEqual([...apart[0]!, Array(20).fill(0), ...apart[1]!]);
});

test("what a product reads is the nearest of 255 between the greatest of 64 and its negative", () => {
  const x = numbers(2, 100);
  const given = values(x);
  values(roundedRows(x)).forEach((row, n) => {
    row.forEach((rounded, k) => {
      const group = given[n]!.slice(k < 64 ? 0 : 64, k < 64 ? 64 : 100);
      const step = Math.max(...group.map(Math.abs)) / 127;
      expect(Math.abs(rounded - given[n]![k]!)).toBeLessThan((0.5 + 1e-4) * step);
      expect(Math.abs(rounded / step - Math.round(rounded / step))).toBeLessThan(1e-3);
    });
  });
});

test.each([
  [1, 576, 192],
  [16, 576, 1536],
  [33, 1536, 576],
  [5, 42, 53],
  [70, 64, 1],
  [200, 130, 49],
])("the product of %i rows of %i numbers with %i is that of the rounded numbers, to 1e-5", (rows, columns, out) => {
  const [x, matrix] = [numbers(rows, columns), int8Matrix([numbers(out, columns)])];
  const [found, expected] = [values(int8Product(x, matrix.int8!)), values(matrix.timesTransposed(x))];
  const most = Math.max(...expected.flat().map(Math.abs));
  const apart = found.flatMap((row, n) => row.map((y, o) => Math.abs(y - expected[n]![o]!)));
  expect(Math.max(...apart)).toBeLessThan(1e-5 * most);
  expect(most).toBeGreaterThan(0);
});

test("a row's products have the same bits beside any others", () => {
  const [x, held] = [numbers(65, 192), toInt8([numbers(50, 192)])];
  const whole = values(int8Product(x, held));
  for (const count of [1, 3, 16, 17, 48])
    expect(values(int8Product(x.slice([0, 0], [count, -1]), held))).toEqual(whole.slice(0, count));
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  "%d in a row makes its products no numbers, and no others",
  (strange) => {
    const rows = values(numbers(3, 128));
    rows[1]![70] = strange;
    const found = values(int8Product(tf.tensor2d(rows), toInt8([numbers(9, 128)])));
    expect(found.map((row) => row.every(Number.isFinite))).toEqual([true, false, true]);
    expect(found[1]!.some(Number.isFinite)).toBe(false);
  },
);
