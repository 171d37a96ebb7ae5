import { expect, test } from "vitest";
import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import { brushedBy, inOrder, isBrushed, moved, parallelAxes, type Stretch } from "./parallel";

const run = (number: number, config: Record<string, string>, gold: number): ComparedRun => ({
  id: `r${number}`,
  name: `run ${number}`,
  method: "dpo",
  model: "tiny",
  status: "finished",
  number,
  config,
  latest: { "on_policy/gold": gold },
  evalPoints: [],
});
const runs = [
  run(0, { rate: "0.001", cap: "null", kind: "linear" }, 1),
  run(1, { rate: "0.1", cap: "5", kind: "cosine" }, 3),
  run(2, { rate: "0.01", cap: "null", kind: "linear" }, 2),
];
const axes = parallelAxes(runs, (path) => path);

test("U51: an axis has its ends or names, a rate is on a log scale, and what is left open is said in words", () => {
  expect(axes.map(({ id }) => id)).toEqual(["cap", "kind", "rate", "on_policy/gold"]);
  const [cap, kind, rate, gold] = axes;
  expect(cap!.ticks.map(({ label }) => label)).toEqual(["5", "not set"]);
  expect(kind!.positions).toEqual([1, 0, 1]);
  expect(rate!.positions.map((at) => Number(at!.toFixed(6)))).toEqual([0, 1, 0.5]); // 0.01 is the geometric middle
  expect(gold!.positions).toEqual([0, 1, 0.5]);
});

test("U51: axes are put in another order, and runs are picked by a stretch of each", () => {
  const order = moved(axes, "rate", -2);
  expect(order).toEqual(["rate", "cap", "kind", "on_policy/gold"]);
  expect(moved(axes, "cap", -1)).toEqual(axes.map(({ id }) => id)); // it is the first already
  expect(inOrder(axes, order).map(({ id }) => id)).toEqual(order);
  const upper = { id: "on_policy/gold", low: 0.4, high: 1 };
  const linear = { id: "kind", low: 0.9, high: 1 };
  const picked = (brushes: (typeof upper)[]) => runs.flatMap((_, i) => (isBrushed(axes, brushes, i) ? [i] : []));
  expect(picked([])).toEqual([0, 1, 2]);
  expect(picked([upper])).toEqual([1, 2]);
  expect(picked([upper, linear])).toEqual([2]);
});

test("an axis is brushed by ↑ and ↓, Shift takes back, Escape clears; an end never passes the other", () => {
  const press = (keys: string[]) =>
    keys.reduce<Stretch | null | undefined>((brush, name) => {
      const [shift, key] = name.startsWith("Shift+") ? [true, name.slice(6)] : [false, name];
      return brushedBy(brush ?? null, { key, shiftKey: shift });
    }, null);
  expect(press(["ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown"])).toEqual({ low: 0.3, high: 0.9 });
  expect(press(["ArrowUp", "ArrowUp", "Shift+ArrowDown"])).toEqual({ low: 0.1, high: 1 });
  expect(press(["ArrowDown", "Shift+ArrowUp"])).toBeNull(); // all of it again
  expect(press(Array(15).fill("ArrowUp"))).toEqual({ low: 0.9, high: 1 });
  expect(press(Array(15).fill("ArrowDown"))).toEqual({ low: 0, high: 0.1 });
  expect(press(["ArrowUp", "Escape"])).toBeNull();
  expect(press(["Escape"])).toBeUndefined(); // which is another's to hear
  expect(press(["Enter"])).toBeUndefined();
});
