import fc from "fast-check";
import { expect, test } from "vitest";
import { halving, promotable, rungStep, worst } from "./halving";

const by = (metric: string, factor = 3) => halving.parse({ metric, factor, firstRung: 20 });
const of = (...values: number[]) => values.map((value) => ({ value }));
const values = (found: { value: number }[]) => found.map(({ value }) => value);

test("rungs lie η times as far as the one before: 20, 60, 180 steps", () => {
  expect([0, 1, 2].map((rung) => rungStep(by("eval_loss"), rung))).toEqual([20, 60, 180]);
});

test("the best third goes on, rounded down: nobody of two, one of five, three of nine", () => {
  expect(promotable(of(0.3, 0.1), by("eval_loss"))).toEqual([]);
  expect(values(promotable(of(0.3, 0.1, 0.5, 0.4, 0.2), by("eval_loss")))).toEqual([0.1]);
  expect(values(promotable(of(9, 8, 7, 6, 5, 4, 3, 2, 1), by("eval_loss")))).toEqual([1, 2, 3]);
});

test("less is better of a loss, more of accuracies and rewards", () => {
  expect(values(promotable(of(0.7, 0.9, 0.8), by("eval_rewards/accuracies")))).toEqual([0.9]);
  expect(values(promotable(of(worst("on_policy/reward"), -2, -1), by("on_policy/reward")))).toEqual([-1]);
  expect(values(promotable(of(worst("eval_loss"), worst("eval_loss"), 3), by("eval_loss")))).toEqual([3]);
});

test("nobody who is left behind is better than somebody who goes on", () => {
  const reached = fc.array(fc.record({ value: fc.double({ noNaN: true }) }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(reached, fc.integer({ min: 2, max: 5 }), (all, factor) => {
      const on = promotable(all, by("eval_loss", factor));
      expect(on).toHaveLength(Math.floor(all.length / factor));
      const behind = all.filter((one) => !on.includes(one));
      for (const { value } of on) for (const other of behind) expect(value).toBeLessThanOrEqual(other.value);
    }),
  );
});

test("a metric that says nothing about better or worse is refused, with those that do", () => {
  expect(() => by("grad_norm")).toThrow("eval_loss");
});
