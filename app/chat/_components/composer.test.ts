import { expect, test } from "vitest";
import { sends } from "./composer";

test("Enter sends, but neither with Shift nor while an input method composes", () => {
  const enter = { key: "Enter", shiftKey: false, isComposing: false };
  expect(sends(enter)).toBe(true);
  expect(sends({ ...enter, shiftKey: true })).toBe(false);
  expect(sends({ ...enter, isComposing: true })).toBe(false);
  expect(sends({ ...enter, key: "a" })).toBe(false);
});
