import { expect, test } from "vitest";
import { wordDiff } from "./word-diff";

const own = (parts: { text: string; own: boolean }[]) =>
  parts.filter((part) => part.own).map(({ text }) => text.trim());
const whole = (parts: { text: string }[]) => parts.map(({ text }) => text).join("");

test("marks what only one answer says, and loses no letter of either", () => {
  const [left, right] = ["The film is moving and long.", "The film is dull and very long."];
  const diff = wordDiff(left, right);
  expect(own(diff.left)).toEqual(["moving"]);
  expect(own(diff.right)).toEqual(["dull", "very"]);
  expect([whole(diff.left), whole(diff.right)]).toEqual([left, right]);
  expect(diff.differing).toBe(2);
});

test("finds words where no space parts them", () => {
  const diff = wordDiff("今日は天気が良いです", "今日は天気が悪いです");
  expect(own(diff.left).join("")).toContain("良");
  expect(whole(diff.right)).toBe("今日は天気が悪いです");
  expect(diff.left.some((part) => !part.own && part.text.includes("今日"))).toBe(true);
});
