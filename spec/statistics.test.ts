import { expect, test } from "vitest";
import { deviation, populationDeviation } from "./statistics";

test("B5: a deviation reads each of its values a fixed number of times, however many there are", () => {
  let reads = 0;
  const counted = new Proxy(
    Array.from({ length: 2000 }, (_, i) => i % 7),
    {
      get(target, name) {
        if (typeof name === "string" && /^\d+$/.test(name)) reads++;
        return Reflect.get(target, name);
      },
    },
  );
  deviation(counted);
  expect(reads).toBeLessThanOrEqual(2 * 2000);
  reads = 0;
  populationDeviation(counted);
  expect(reads).toBeLessThanOrEqual(2 * 2000);
});

test("B5: of a sample the squares are divided by n − 1, of a whole population by n", () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9]; // mean 5, squares 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32
  expect(deviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 14);
  expect(populationDeviation(values)).toBeCloseTo(2, 14);
  expect([deviation([3]), populationDeviation([3])]).toEqual([0, 0]);
});
