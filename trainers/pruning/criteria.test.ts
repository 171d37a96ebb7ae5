import { expect, test } from "vitest";
import { tf } from "../engine/tensorflow";
import { keptWeights, magnitude, wanda } from "./criteria";

const w = tf.tensor2d([
  [1, -8, 3, 2],
  [-4, 5, 6, 7],
]);
const squares = tf.tensor1d([100, 0.01, 1, 1]);
const kept = (criterion: typeof wanda, amount: Parameters<typeof keptWeights>[2]) =>
  keptWeights(criterion.scores(w, squares), criterion, amount).arraySync();

test("magnitude compares the weights of a layer, Wanda |W| · ‖X‖ within each row", () => {
  expect(kept(magnitude, { sparsity: 0.5 })).toEqual([
    [0, 1, 0, 0],
    [0, 1, 1, 1],
  ]);
  expect(kept(wanda, { sparsity: 0.5 })).toEqual([
    [1, 0, 1, 0], // 10, 0.8, 3, 2
    [1, 0, 0, 1], // 40, 0.5, 6, 7
  ]);
});

test("a pattern keeps N of each M beside each other, whichever row or group has more that matter", () => {
  expect(kept(magnitude, { keep: 1, of: 2 })).toEqual([
    [0, 1, 1, 0],
    [0, 1, 0, 1],
  ]);
  expect(() => kept(magnitude, { keep: 2, of: 3 })).toThrow("rows of 4 weights cannot be cut into groups of 3");
});

test("a share that is no whole number of weights is rounded down; of equal scores the first goes", () => {
  const equal = tf.ones<tf.Rank.R2>([2, 7]);
  const row = [0, 0, 0, 1, 1, 1, 1]; // 3.5 of 7
  expect(keptWeights(equal, wanda, { sparsity: 0.5 }).arraySync()).toEqual([row, row]);
});
