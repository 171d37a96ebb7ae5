import { expect, test } from "vitest";
import type { Point } from "@/lib/runs/schema";
import { mergePoints } from "./use-live-run";

const point = (seq: number, step: number): Point => ({ seq, step, at: 0, values: {} });

test("new points join; the same ones again change nothing", () => {
  const old = [point(1, 1), point(2, 2)];
  expect(mergePoints(old, [point(3, 3)]).map(({ step }) => step)).toEqual([1, 2, 3]);
  expect(mergePoints(old, [point(1, 1), point(2, 2)])).toBe(old);
});

test("a resumed run replaces the steps it repeats: one line, no gap, no double", () => {
  const old = [point(1, 1), point(2, 2), point(3, 3), point(4, 4)];
  const merged = mergePoints(old, [point(5, 3), point(6, 4), point(7, 5)]);
  expect(merged.map(({ seq, step }) => [seq, step])).toEqual([
    [1, 1],
    [2, 2],
    [5, 3],
    [6, 4],
    [7, 5],
  ]);
});
