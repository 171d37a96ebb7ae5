import { expect, test } from "vitest";
import { likeness } from "./likeness";

test("likeness: 1 for the same words, 0 for none shared", () => {
  expect(likeness("A b c", "a B c")).toBe(1);
  expect(likeness("a b", "c d")).toBe(0);
  expect(likeness("a a b", "a b c")).toBe(2 / 4);
});
