import { expect, test } from "vitest";
import { createRandom } from "../../trainers/random";
import { bradleyTerry, type Game, ratings } from "./ratings";

const game = (first: string, second: string, ...outcomes: number[]): Game => ({ first, second, outcomes });

test("two writers: the odds of winning, whichever side they stand on", () => {
  // 29 votes of 39 and the tie that is always added: 29.5 to 10.5
  const games = [
    ...Array(19).fill(game("a", "b", 1)),
    ...Array(10).fill(game("b", "a", 0)),
    ...Array(10).fill(game("a", "b", 0)),
  ];
  const [best, worst] = ratings(games);
  expect(best!.writer).toBe("a");
  expect(best!.rating - worst!.rating).toBeCloseTo(400 * Math.log10(29.5 / 10.5), 6);
  expect(best!.rating + worst!.rating).toBeCloseTo(2000, 6);
  expect(best).toMatchObject({ won: 29 / 39, votes: 39 });
  expect(best!.low).toBeLessThan(best!.rating);
  expect(best!.high).toBeGreaterThan(best!.rating);
});

test("several writers: the likelihood is level at what is found, and who never lost is finite", () => {
  const random = createRandom("ratings test");
  const truth: Record<string, number> = { a: 4, b: 2, c: 1, d: 0.5 };
  const names = Object.keys(truth);
  const games = Array.from({ length: 400 }, (): Game => {
    const [i, j] = [Math.floor(random() * 4), Math.floor(random() * 4)];
    const [first, second] = [names[i]!, names[i === j ? (j + 1) % 4 : j]!];
    return game(first, second, random() < truth[first]! / (truth[first]! + truth[second]!) ? 1 : 0);
  });
  const p = bradleyTerry(games, names);
  const ties = names.flatMap((first, i) => names.slice(i + 1).map((second) => game(first, second, 0.5)));
  const likelihood = (strengths: number[]) =>
    [...games, ...ties].reduce((sum, { first, second, outcomes: [won] }) => {
      const [f, s] = [strengths[names.indexOf(first)]!, strengths[names.indexOf(second)]!];
      return sum + won! * Math.log(f / (f + s)) + (1 - won!) * Math.log(s / (f + s));
    }, 0);
  for (const i of names.keys()) {
    const at = (factor: number) => likelihood(p.map((x, k) => (k === i ? x * factor : x)));
    expect((at(1.0001) - at(1 / 1.0001)) / 2e-4).toBeCloseTo(0, 3);
    expect(Math.max(at(1.1), at(1 / 1.1))).toBeLessThan(likelihood(p));
  }
  const [winner] = ratings(Array(5).fill(game("w", "l", 1)));
  expect(winner!.rating).toBeCloseTo(1000 + 200 * Math.log10(5.5 / 0.5), 6);
});
