import { expect, test } from "vitest";
import { agreement } from "./implicit-reward";

test("a reward that is β log Z(x) below the true one agrees within a prompt, and not across prompts", () => {
  const prompts = [
    { gold: [0, 1, 3], below: 0 },
    { gold: [2, 2, 5], below: 7 },
  ].map(({ gold, below }) => ({ gold, learnt: gold.map((r) => 0.5 * r - below) }));
  const { correlation, acrossPrompts, slope, accuracy, byMargin } = agreement(prompts);
  expect(correlation).toBeCloseTo(1, 12);
  expect(acrossPrompts).toBeLessThan(0);
  expect(slope).toBeCloseTo(0.5, 12);
  expect(accuracy).toBe(1); // of the pairs that the gold reward orders
  expect(byMargin).toEqual([
    { margin: 1, learnt: 0.5, pairs: 1 },
    { margin: 2, learnt: 1, pairs: 1 },
    { margin: 3, learnt: 1.5, pairs: 3 },
  ]);
});

test("a reward with the opposite order has a correlation and a slope of −1", () => {
  const { correlation, slope, accuracy } = agreement([{ gold: [0, 1, 3], learnt: [0, -1, -3] }]);
  expect([correlation, slope, accuracy]).toEqual([expect.closeTo(-1, 12), expect.closeTo(-1, 12), 0]);
});
