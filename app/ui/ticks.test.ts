import { expect, test } from "vitest";
import { linearTicks, logTicks, tickTexts } from "./ticks";

test.each([
  [0, 1, 4, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]],
  [0, 0.1, 4, ["0", "0.02", "0.04", "0.06", "0.08", "0.10"]],
  [0.47, 0.56, 4, ["0.48", "0.50", "0.52", "0.54", "0.56"]],
  [0, 3e-4, 3, ["0", "1e-4", "2e-4", "3e-4"]],
  [0, 1e6, 2, ["0", "0.5M", "1M"]],
])("U42: ticks from %d to %d are read as the numbers that they mark", (min, max, count, words) => {
  const ticks = linearTicks(min, max, count);
  expect(tickTexts(ticks)).toEqual(words);
  const numbers = words.map((word) => Number(word.replace("M", "e6")));
  for (const [i, tick] of ticks.entries()) expect(numbers[i]).toBeCloseTo(tick, 12);
});

test("U65: an axis of steps has whole ones only, however young the run", () => {
  expect(linearTicks(0, 3, 6)).toContain(0.5);
  expect(linearTicks(0, 3, 6, true)).toEqual([0, 1, 2, 3]);
  expect(linearTicks(1, 2, 5, true)).toEqual([1, 2]);
});

test("a logarithmic axis keeps its decades and does not crowd", () => {
  expect(logTicks(0.001, 1000, 6)).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1000]);
  expect(logTicks(0.1, 20, 6)).toEqual(expect.arrayContaining([0.1, 1, 10]));
  expect(logTicks(0.1, 20, 6).length).toBeLessThanOrEqual(10);
});
