import { expect, test } from "vitest";
import { startOf } from "./start-time";

test("a start time is a moment, or none; what is no time starts nothing", () => {
  expect(startOf("")).toBeUndefined();
  expect(startOf("2040-01-31T18:00")).toBe(new Date(2040, 0, 31, 18).getTime());
  expect(() => startOf("20266-11-27T10:00")).toThrow('Start time: "20266-11-27T10:00" is no time.');
});
