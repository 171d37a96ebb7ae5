import fc from "fast-check";
import { expect, test } from "vitest";
import { histogramOf } from "./histograms";

test("every value is in the part that holds it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 }),
      (values) => {
        const { low, high, counts } = histogramOf(values)!;
        expect([low, high]).toEqual([Math.min(...values), Math.max(...values)]);
        expect(counts.reduce((a, b) => a + b)).toBe(values.length);
        const middle = (low + high) / 2;
        const below = counts.slice(0, counts.length / 2).reduce((a, b) => a + b);
        if (high > low) expect(below).toBe(values.filter((value) => (value - low) / (high - low) < 0.5).length);
        expect(middle).toBeGreaterThanOrEqual(low);
      },
    ),
  );
});

test("one value, and none", () => {
  expect(histogramOf([3, 3])).toMatchObject({ low: 3, high: 3 });
  expect(histogramOf([3, 3])!.counts[0]).toBe(2);
  expect(histogramOf([Number.NaN])).toBeNull();
});
