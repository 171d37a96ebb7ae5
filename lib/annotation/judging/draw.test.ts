import { expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import { draw } from "./draw";

const ids = [10, 11, 12, 13, 14];

test("each draw's chance is how often it is drawn", () => {
  const random = createRandom("draw");
  const rounds = 40_000;
  const first = new Map<number, number>();
  const chances = new Map<number, number>();
  for (let i = 0; i < rounds; i++) {
    const [{ id, chance }] = draw(ids, 1, 0.2, random) as [{ id: number; chance: number }];
    first.set(id, (first.get(id) ?? 0) + 1);
    chances.set(id, chance);
  }
  for (const [id, count] of first) {
    const chance = chances.get(id)!;
    const spread = Math.sqrt((chance * (1 - chance)) / rounds);
    expect(Math.abs(count / rounds - chance)).toBeLessThan(5 * spread);
  }
  expect([...chances.values()].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
});

test("none twice, no more than there are, and without a random share in order", () => {
  expect(draw(ids, 9, 0, Math.random)).toEqual(ids.map((id) => ({ id, chance: 1 })));
  expect(new Set(draw(ids, 5, 0.5, Math.random).map(({ id }) => id)).size).toBe(5);
});
