import fc from "fast-check";
import { expect, test } from "vitest";
import { axes, smoothings } from "@/lib/runs/compare/compare-schema";
import { metrics } from "@/spec/metrics/catalogue";
import { rewards, searchOf, type Tab, tabs, type View, viewOf } from "./view";

const view: fc.Arbitrary<View> = fc.record({
  runs: fc.option(fc.array(fc.stringMatching(/^[a-z0-9]{3,12}$/), { maxLength: 5 })),
  tab: fc.constantFrom(...(Object.keys(tabs) as Tab[])),
  hidden: fc.array(fc.stringMatching(/^[a-z0-9]{3,12}$/), { maxLength: 2 }),
  sort: fc.option(fc.record({ id: fc.constantFrom("on_policy/gold ", "loss dpo-up"), desc: fc.boolean() })),
  by: fc.constantFrom("run", "seed", "method", "dpo.beta"),
  axis: fc.constantFrom(...(Object.keys(axes) as (keyof typeof axes)[])),
  reward: fc.constantFrom(...rewards),
  smooth: fc.constantFrom(...smoothings),
  log: fc.boolean(),
  also: fc.uniqueArray(fc.constantFrom(...(Object.keys(metrics) as (keyof typeof metrics)[])), { maxLength: 3 }),
  base: fc.constantFrom("", "DPO, first", "method dpo"),
  mixed: fc.boolean(),
  zoom: fc.option(
    fc.record({
      from: fc.double({ min: -1e6, max: 0, noNaN: true }),
      to: fc.double({ min: 1, max: 1e9, noNaN: true }),
    }),
  ),
});

test("an address restores the view", () => {
  fc.assert(
    fc.property(view, (shown) => {
      const read = viewOf(new URLSearchParams(searchOf(shown)));
      expect({ ...read, zoom: read.zoom && [read.zoom.from + 0, read.zoom.to] }).toEqual({
        ...shown,
        zoom: shown.zoom && [shown.zoom.from + 0, shown.zoom.to],
      });
    }),
  );
});

test("nonsense in an address is left out", () => {
  const usual = viewOf(new URLSearchParams());
  expect(
    viewOf(new URLSearchParams("x=moon&reward=fame&smooth=7&also=nothing&zoom=5~1&log=maybe&tab=door&sort=sideways")),
  ).toEqual(usual);
});
