import { expect, test } from "vitest";
import { smoothed } from "./smooth";

test("U45: each point is the mean of what came before, halved with each step back", () => {
  // 1; (1·½ + 3)/(½ + 1) = 7/3; (1·¼ + 3·½ + 5)/(¼ + ½ + 1) = 27/7
  expect(smoothed([0, 1, 2], [1, 3, 5], 0.5)).toEqual([1, 7 / 3, 27 / 7]);
});

test("over twice the typical distance the past is halved twice; nothing measured stays nothing", () => {
  // distances 2, 4, 1, 1: typically 2. At 6: (3.5·¼ + 5)/(1.5·¼ + 1), where 3.5 and 1.5 are the sums at 2
  const [, second, third, ...rest] = smoothed([0, 2, 6, 7, 8], [1, 3, 5, null, null], 0.5);
  expect(second).toBe(3.5 / 1.5);
  expect(third).toBe(5.875 / 1.375);
  expect(rest).toEqual([null, null]);
});
