import type uPlot from "uplot";
import { expect, test } from "vitest";
import { centralRange, seenValues } from "./value-range";

test("the central range leaves out a twentieth of the values at either end", () => {
  const values = Array.from({ length: 101 }, (_, i) => i);
  expect(centralRange(values.toReversed())).toEqual([5, 95]);
  expect(centralRange([...values, 1e9])).toEqual([5, 96]);
  expect(centralRange([3])).toEqual([3, 3]);
  expect(centralRange([])).toEqual([null, null]);
});

test("what is seen are values within the zoom, of a logarithmic axis those above 0", () => {
  const plot = {
    data: [
      [1, 2, 3, 4],
      [9, -1, null, 7],
      [5, 5, 5, 5],
    ],
    scales: { x: { min: 2, max: 4 } },
  };
  expect(seenValues(plot as unknown as uPlot, [1], false)).toEqual([-1, 7]);
  expect(seenValues(plot as unknown as uPlot, [1], true)).toEqual([7]);
});
