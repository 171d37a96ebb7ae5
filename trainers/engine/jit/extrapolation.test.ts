import { expect, test } from "vitest";
import { createExtrapolation, weightsOf } from "./extrapolation";

test("weights with which rows add up to another, or none", () => {
  // 3 (1, 2, 5) − 2 (1, 0, 4) = (1, 6, 7)
  const rows = [
    [1, 2, 5],
    [1, 0, 4],
  ];
  expect(weightsOf(rows, [1, 6, 7])!.map((weight) => weight.toFixed(6))).toEqual(["3.000000", "-2.000000"]);
  expect(weightsOf(rows, [1, 6, 8])).toBeNull();
});

test("constants follow once a recording has confirmed it, and only for sizes within what was seen to vary", () => {
  const known = createExtrapolation();
  // B rows of T tokens, B·T in all: shapes [B, T + 1] and [B·T, 3], and 0.5, which is always the same
  const sample = (B: number, T: number) => ({ sizes: [B, T, B * T], constants: [[B, T + 1], [B * T, 3], [0.5]] });
  const predicted = (B: number, T: number) => known.predict([B, T, B * T]);
  for (const [B, T] of [
    [1, 8],
    [1, 9],
  ] as const)
    known.learn(sample(B, T));
  expect(predicted(1, 20)).toBeNull(); // not confirmed
  known.learn(sample(1, 13));
  expect(predicted(1, 20)).toEqual(sample(1, 20).constants);
  expect(predicted(2, 20)).toBeNull(); // B was always 1
  known.learn(sample(2, 20));
  known.learn(sample(3, 11));
  expect(predicted(6, 500)).toEqual(sample(6, 500).constants);
});

test("a constant that is not linear in the sizes ends all prediction", () => {
  const known = createExtrapolation();
  for (const T of [2, 3, 5]) known.learn({ sizes: [T], constants: [[T * T]] });
  expect(known.predict([7])).toBeNull();
});
