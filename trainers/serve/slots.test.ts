import { expect, test } from "vitest";
import { newSlots, placeFor, type Slot } from "./slots";

const range = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);
const slots = (...given: Partial<Slot>[]): Slot[] =>
  newSlots(given.length).map((slot, i) => ({ ...slot, ...given[i] }));
const placed = (all: Slot[], prompt: number[], policy = "base") => {
  const place = placeFor(all, policy, prompt);
  return place && { row: all.indexOf(place.slot), from: all.indexOf(place.from), kept: place.kept };
};

test("a conversation goes on in the row that has it", () => {
  const all = slots({ policy: "base", ids: range(40, 900), freed: 1 }, { policy: "base", ids: range(30), freed: 2 });
  expect(placed(all, range(50))).toEqual({ row: 1, from: 1, kept: 30 });
});

test("a row that has more than the prompt begins with stays whole: the one that was free for longest begins as it does", () => {
  const all = slots({ policy: "base", ids: range(60), freed: 5 }, { freed: 3 }, { freed: 2 });
  expect(placed(all, [...range(40), 7, 7])).toEqual({ row: 2, from: 0, kept: 40 });
});

test("a row that is being written is shared, never gone on in", () => {
  const all = slots({ policy: "base", ids: range(60), busy: true }, {});
  expect(placed(all, range(61))).toEqual({ row: 1, from: 0, kept: 60 });
});

test("the last token of a prompt is always computed", () => {
  expect(placed(slots({ policy: "base", ids: range(40), freed: 1 }, {}), range(40))).toEqual({
    row: 1,
    from: 0,
    kept: 39,
  });
  expect(placed(slots({ policy: "base", ids: range(40), freed: 1 }), range(40))).toEqual({ row: 0, from: 0, kept: 39 });
});

test("another policy's keys are of no use", () => {
  const all = slots({ policy: "base", ids: range(40), freed: 1 }, { policy: "tuned", ids: range(20), freed: 2 });
  expect(placed(all, range(41), "tuned")).toEqual({ row: 1, from: 1, kept: 20 });
  expect(placed(all, range(41), "other")).toEqual({ row: 0, from: 0, kept: 0 });
});

test("few tokens are not looked for in other rows, and no row free is no place", () => {
  expect(placed(slots({ policy: "base", ids: range(60), freed: 5 }, {}), [...range(10), 900])).toEqual({
    row: 1,
    from: 1,
    kept: 0,
  });
  expect(placed(slots({ busy: true }), range(3))).toBeNull();
});
