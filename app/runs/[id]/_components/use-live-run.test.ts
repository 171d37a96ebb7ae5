import { expect, test } from "vitest";
import type { Curves, Point } from "@/lib/runs/run-schema";
import { addPoints } from "./use-live-run";

const point = (seq: number, step: number, values: Point["values"]): Point => ({ seq, step, at: 0, values });
const start: Curves = {
  seq: 2,
  added: 0,
  lines: { loss: { x: [1, 2], y: [5, 4], smooth: null, low: null, high: null, min: null, max: null } },
};

test("new points join the ends of their lines; the same ones again change nothing", () => {
  const next = addPoints(start, [point(2, 2, { loss: 4 }), point(3, 3, { loss: 3 })]);
  expect(next.lines.loss).toMatchObject({ x: [1, 2, 3], y: [5, 4, 3] });
  expect([next.seq, next.added]).toEqual([3, 1]);
  expect(addPoints(next, [point(3, 3, { loss: 3 })])).toBe(next);
});

test("a metric that is measured for the first time begins a line, with the band of its standard error", () => {
  const next = addPoints(start, [point(4, 4, { eval_loss: 2, eval_loss_se: 0.5 })]);
  expect(next.lines.eval_loss).toMatchObject({ x: [4], y: [2], low: [2 - 0.98], high: [2 + 0.98] });
  expect(next.lines.loss).toBe(start.lines.loss);
  expect(Object.keys(next.lines)).not.toContain("eval_loss_se");
});
