import { expect, test } from "vitest";
import { similarity } from "./similarity";

test("similarity: 1 for the same words, 0 for none shared", () => {
  expect(similarity("A b c", "a B c")).toBe(1);
  expect(similarity("a b", "c d")).toBe(0);
  expect(similarity("a a b", "a b c")).toBe(2 / 4);
});
