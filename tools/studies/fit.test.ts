import { expect, test } from "vitest";
import { fitBestOfN, fitLearning } from "./fit";

const distances = [0, 0.3, 0.8, 1.5, 2.2, 3.5, 5];

test("finds the curve that points lie on, and where it turns", () => {
  const learnt = fitLearning(distances.map((d) => ({ d, reward: d === 0 ? 0 : d * (1.2 - 0.7 * Math.log(d)) })));
  expect(learnt).toMatchObject({
    alpha: expect.closeTo(1.2, 10),
    beta: expect.closeTo(0.7, 10),
    r2: expect.closeTo(1),
  });
  const slope = (d: number) => 1.2 - 0.7 * Math.log(d) - 0.7;
  expect(slope(learnt.peak)).toBeCloseTo(0, 10);

  const kept = fitBestOfN(distances.map((d) => ({ d, reward: d * (0.9 - 0.1 * d) })));
  expect(kept).toMatchObject({
    alpha: expect.closeTo(0.9, 10),
    beta: expect.closeTo(0.1, 10),
    peak: expect.closeTo(4.5),
  });
});

test("a curve that only rises has no turn, and noise lowers the share explained", () => {
  const risen = fitLearning(
    distances.map((d, i) => ({ d, reward: d * (1 + 0.1 * Math.log(d || 1)) + (i % 2 ? 0.4 : -0.4) })),
  );
  expect(risen.peak).toBe(Number.POSITIVE_INFINITY);
  expect(risen.r2).toBeLessThan(0.99);
  expect(risen.r2).toBeGreaterThan(0.8);
});
