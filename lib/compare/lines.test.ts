import fc from "fast-check";
import { expect, test } from "vitest";
import { deviation } from "../statistics";
import { welch } from "../student";
import { drawn, kept, smoothed } from "./lines";

const whole = { smooth: 0, from: undefined, to: undefined, columns: 50 };
const curve = (y: number[], x = y.map((_, i) => i)) => ({ x, y, error: y.map(() => null) });

test("a spike of one step stands at every zoom, and no column has more than its extremes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 200, maxLength: 2000 }),
      fc.integer({ min: 10, max: 60 }),
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      (y, columns, start, share) => {
        const x = y.map((_, i) => i);
        const from = start * y.length;
        const to = Math.min(y.length - 1, from + share * y.length);
        fc.pre(to > from);
        const at = kept(x, y, y, from, to, columns);
        const inside = x.filter((i) => i >= from && i <= to);
        const shown = new Set(at);
        expect(at.length).toBeLessThanOrEqual(Math.max(2 * columns + 6, 0));
        for (let column = 0; column <= columns; column++) {
          const here = inside.filter((i) => Math.floor((columns * (i - from)) / (to - from)) === column);
          if (here.length === 0) continue;
          const drawnHere = here.filter((i) => shown.has(i)).map((i) => y[i]!);
          expect(Math.max(...drawnHere)).toBe(Math.max(...here.map((i) => y[i]!)));
          expect(Math.min(...drawnHere)).toBe(Math.min(...here.map((i) => y[i]!)));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("smoothing does not know how much of the history is shown, starts without a bias, and keeps a constant", () => {
  const y = Array.from({ length: 5000 }, (_, i) => Math.sin(i / 50) + (i % 7));
  const all = smoothed(y, 0.9);
  const part = drawn([curve(y)], { ...whole, smooth: 0.9, from: 1000, to: 1400 })!;
  expect(part.smooth).toEqual(part.x.map((x) => all[x]));
  expect(all[0]).toBe(y[0]);
  expect(all[1]).toBeCloseTo((0.9 * y[0]! + y[1]!) / 1.9, 12);
  for (const value of smoothed(Array(20).fill(3), 0.99)) expect(value).toBeCloseTo(3, 12);
});

test("a group is its mean, its interval by Student and its extremes, where all of its runs are", () => {
  const runs = [curve([0, 1, 2, 3]), curve([2, 3, 4]), curve([4, 8], [0, 2])]; // the last has a line through 6 at 1
  const { x, y, low, high, least, most } = drawn(runs, whole)!;
  expect(x).toEqual([0, 1, 2]);
  expect(y).toEqual([2, 10 / 3, 14 / 3]);
  const half = (4.302652729696142 * deviation([1, 3, 6])) / Math.sqrt(3); // Student's 0.975 quantile, 2 degrees of freedom
  expect(low![1]).toBeCloseTo(10 / 3 - half, 6);
  expect(high![1]).toBeCloseTo(10 / 3 + half, 6);
  expect([least, most]).toEqual([
    [0, 1, 2],
    [4, 6, 8],
  ]);
});

test("a run has the band of its own standard error, or none", () => {
  expect(drawn([{ x: [1], y: [5], error: [0.5] }], whole)).toMatchObject({ low: [5 - 0.98], high: [5 + 0.98] });
  expect(drawn([curve([1, 2])], whole)).toMatchObject({ low: null, most: null });
  expect(drawn([curve([])], whole)).toBeNull();
});

test("Welch's p", () => {
  // scipy 1.17.1: stats.ttest_ind([1, 2, 4, 3], [5, 3, 6, 7, 8], equal_var=False).pvalue
  expect(welch([1, 2, 4, 3], [5, 3, 6, 7, 8])).toBeCloseTo(0.018538577783785502, 9);
  expect(welch([1], [2, 3])).toBeNull();
});
