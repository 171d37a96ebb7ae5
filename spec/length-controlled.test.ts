// The length-controlled win rate against alpaca_eval 0.6.6's estimator with next to no penalty; its cross-validated one is near.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Compared, lengthControlled } from "./length-controlled";

interface Golden {
  cases: {
    base: number[];
    own: number[];
    preference: number[];
    winRate: number;
    lengthWeight: number;
    crossValidated: number;
  }[];
}
const { cases } = JSON.parse(readFileSync("data/golden/length-controlled.json", "utf8")) as Golden;

test.each(cases)("win rate $winRate, weight of the length $lengthWeight", (golden) => {
  const rows = golden.own.map(
    (length, i): Compared => ({
      ...{ length, otherLength: golden.base[i]!, preferred: golden.preference[i]! },
    }),
  );
  const { winRate, perLength } = lengthControlled(rows);
  expect(winRate).toBeCloseTo(golden.winRate, 5);
  expect(perLength).toBeCloseTo(-golden.lengthWeight, 4); // its lengths are subtracted the other way
  expect(Math.abs(winRate - golden.crossValidated)).toBeLessThan(0.04); // its L1 penalty drops what is small
});

test("the interval holds the true win rate about as often as it says", () => {
  // of 400 simulated comparisons each: σ(0.4 + 1.2 tanh z), z from equally likely quantiles
  let [state, inside] = [1, 0];
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const truth = 1 / (1 + Math.exp(-0.4));
  for (let i = 0; i < 200; i++) {
    const rows = Array.from({ length: 400 }, (): Compared => {
      const delta = Math.round(300 * (random() + random() + random() - 1.2));
      return { length: 500 + delta, otherLength: 500, preferred: 0 };
    });
    const deltas = rows.map(({ length }) => length - 500);
    const mean = deltas.reduce((a, b) => a + b, 0) / 400;
    const sd = Math.sqrt(deltas.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 399);
    for (const row of rows) {
      const chance = 1 / (1 + Math.exp(-0.4 - 1.2 * Math.tanh((row.length - 500) / sd)));
      row.preferred = random() < chance ? 1 : 0;
    }
    const { winRate, error } = lengthControlled(rows);
    if (Math.abs(winRate - truth) < 1.96 * error) inside++;
  }
  // 95 % of 200 is 190, with a standard deviation of 3.1
  expect(inside).toBeGreaterThan(180);
  expect(inside).toBeLessThan(199);
});

test("answers of one length leave the plain win rate, with its standard error", () => {
  const rows = Array.from(
    { length: 40 },
    (_, i): Compared => ({ length: 9, otherLength: 9, preferred: i < 30 ? 1 : 0 }),
  );
  const { winRate, error } = lengthControlled(rows);
  expect(winRate).toBeCloseTo(0.75, 5);
  expect(error).toBeCloseTo(Math.sqrt((0.75 * 0.25) / 40), 5);
});

test("where length tells every preference, nothing is known of equal lengths", () => {
  const rows = Array.from(
    { length: 30 },
    (_, i): Compared => ({
      ...{ length: i % 3 ? 200 : 10, otherLength: i % 3 ? 10 : 200, preferred: i % 3 ? 1 : 0 },
    }),
  );
  expect(lengthControlled(rows).error).toBe(Number.POSITIVE_INFINITY);
});
