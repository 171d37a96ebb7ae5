import { expect, test } from "vitest";
import { ago } from "./format";

test.each([
  [59_999, "just now"],
  [60_000, "1 min. ago"],
  [7_199_999, "1 hr. ago"],
  [3 * 86_400_000, "3 days ago"],
  [400 * 86_400_000, "1 yr. ago"],
])("%i ms are %s", (ms, words) => {
  expect(ago(ms)).toBe(words);
});
