import { expect, test } from "vitest";
import { frozenBfloat16 } from "./bfloat16";
import { frozenFloat32 } from "./linear";
import { tf } from "./tensorflow";

test("both products agree with float32 to bfloat16's precision, and leave no tensor behind", () => {
  const weight = tf.randomNormal([16, 8], 0, 1, "float32", 1) as tf.Tensor2D;
  const [x, y] = [tf.randomNormal([4, 8], 0, 1, "float32", 2), tf.randomNormal([4, 16], 0, 1, "float32", 3)] as [
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const exact = frozenFloat32(weight);
  const narrow = frozenBfloat16(weight.clone() as tf.Tensor2D);
  const before = tf.memory().numTensors;
  const worst = tf.tidy(() => {
    const differences = [exact.timesTransposed(x).sub(narrow.timesTransposed(x)), exact.times(y).sub(narrow.times(y))];
    return Math.max(...differences.map((d) => d.abs().max().dataSync()[0]!)) as unknown as tf.TensorContainer;
  }) as unknown as number;
  expect(worst).toBeGreaterThan(0); // it did round
  expect(worst).toBeLessThan(0.1); // 8 bits of mantissa over sums of 8 and 16 products
  expect(tf.memory().numTensors).toBe(before);
});
