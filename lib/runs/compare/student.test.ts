import jStat from "jstat";
import { expect, test } from "vitest";
import { difference } from "./student";

test("U54: between groups of runs a difference has Welch's interval and p", () => {
  // variances 1 and 7/3 of three values each: the error of the difference is √(1/3 + 7/9), with 200/58 degrees of freedom
  const { delta, half, p } = difference({ values: [1, 2, 3], error: null }, { values: [3, 4, 6], error: null });
  expect(delta).toBeCloseTo(7 / 3, 12);
  const error = Math.sqrt(10 / 9);
  expect(half).toBeCloseTo(error * jStat.studentt.inv(0.975, 200 / 58), 10);
  expect(p).toBeCloseTo(2 * (1 - jStat.studentt.cdf(7 / 3 / error, 200 / 58)), 10);
});

test("between single runs it has that of their standard errors; without those it is a bare difference", () => {
  const { delta, half, p } = difference({ values: [1], error: 0.3 }, { values: [2], error: 0.4 });
  expect([delta, half]).toEqual([1, 1.96 * 0.5]); // 3-4-5
  expect(p).toBeCloseTo(0.0455, 3); // two standard errors
  expect(difference({ values: [1], error: null }, { values: [2], error: 0.4 })).toEqual({
    delta: 1,
    half: null,
    p: null,
  });
});
