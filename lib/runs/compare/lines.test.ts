import fc from "fast-check";
import { expect, test } from "vitest";
import { deviation } from "../../../spec/statistics";
import { type Curve, drawn, kept } from "./lines";
import { welch } from "./student";

const whole = { columns: 50 };
const curve = (y: number[], x = y.map((_, i) => i)): Curve => ({ x, y, smooth: [], error: [], extremes: null });

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
          expect(Math.max(...drawnHere)).toBeCloseTo(Math.max(...here.map((i) => y[i]!)), 12); // 0 is −0 too
          expect(Math.min(...drawnHere)).toBeCloseTo(Math.min(...here.map((i) => y[i]!)), 12);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("from afar a run's line goes through the lowest and the highest point of each entry, where they were", () => {
  const extremes = { minX: [3, 12, 21], min: [-1, -2, 5], maxX: [7, 10, 21], max: [9, 8, 5] };
  const far: Curve = { x: [9, 19, 21], y: [4, 3, 5], smooth: [1, 2, 3], error: [], extremes };
  expect(drawn([far], whole)).toMatchObject({
    x: [3, 7, 10, 12, 21],
    y: [-1, 9, 8, -2, 5],
    smooth: [1, 1, 2, 2, 3],
  });
  const group = drawn([far, { ...far, y: [6, 5, 7] }], whole)!;
  expect([group.y, group.min, group.max, group.smooth]).toEqual([
    [5, 4, 6],
    [-1, -2, 5],
    [9, 8, 5],
    [1, 2, 3],
  ]);
});

test("a group is its mean, its interval by Student and its extremes, where all of its runs are", () => {
  const runs = [curve([0, 1, 2, 3]), curve([2, 3, 4]), curve([4, 8], [0, 2])]; // the last has a line through 6 at 1
  const { x, y, low, high, min, max } = drawn(runs, whole)!;
  expect(x).toEqual([0, 1, 2]);
  expect(y).toEqual([2, 10 / 3, 14 / 3]);
  const half = (4.302652729696142 * deviation([1, 3, 6])) / Math.sqrt(3); // Student's 0.975 quantile, 2 degrees of freedom
  expect(low![1]).toBeCloseTo(10 / 3 - half, 6);
  expect(high![1]).toBeCloseTo(10 / 3 + half, 6);
  expect([min, max]).toEqual([
    [0, 1, 2],
    [4, 6, 8],
  ]);
});

test("a run has the band of its own standard error, or none", () => {
  expect(drawn([{ ...curve([5], [1]), error: [0.5] }], whole)).toMatchObject({ low: [5 - 0.98], high: [5 + 0.98] });
  expect(drawn([curve([1, 2])], whole)).toMatchObject({ low: null, max: null });
  expect(drawn([curve([])], whole)).toBeNull();
});

test("Welch's p", () => {
  // scipy 1.17.1: stats.ttest_ind([1, 2, 4, 3], [5, 3, 6, 7, 8], equal_var=False).pvalue
  expect(welch([1, 2, 4, 3], [5, 3, 6, 7, 8])).toBeCloseTo(0.018538577783785502, 9);
  expect(welch([1], [2, 3])).toBeNull();
});
