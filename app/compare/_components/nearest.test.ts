import { expect, test } from "vitest";
import { nearest } from "./nearest";

test("U53: at step 20 a run that measured at 0 and 40 is read at the first of the two, at 21 at 40, and one that measured at 20 there", () => {
  expect([0, 40][nearest([0, 40], 17)]).toBe(0);
  expect([0, 40][nearest([0, 40], 21)]).toBe(40);
  expect(nearest([0, 20, 40], 20)).toBe(1);
  expect(nearest([], 20)).toBe(-1);
});
