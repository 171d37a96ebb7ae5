import { expect, test } from "vitest";
import { float16ToNumber, numberToFloat16 } from "./float16";

test("every half goes through a number and back", () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = float16ToNumber(half);
    if (!Number.isNaN(value)) expect(numberToFloat16(value)).toBe(half);
  }
});

test("rounds to the nearest, ties to even", () => {
  for (let half = 0; half < 0x7bff; half++) {
    const [low, high] = [float16ToNumber(half), float16ToNumber(half + 1)];
    const middle = (low + high) / 2;
    expect(numberToFloat16(middle)).toBe(half % 2 === 0 ? half : half + 1);
    expect(numberToFloat16(low + 0.49 * (high - low))).toBe(half);
    expect(numberToFloat16(low + 0.51 * (high - low))).toBe(half + 1);
  }
  expect(numberToFloat16(65519)).toBe(0x7bff);
  expect(numberToFloat16(65520)).toBe(0x7c00);
});
