import { expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import { strengthsOf } from "./bradley-terry";
import { type Game, ratings } from "./ratings";

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
  const rated = new Map(ratings(games).map(({ writer, rating }) => [writer, rating]));
  const p = names.map((name) => 10 ** ((rated.get(name)! - 1000) / 400));
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

/** Hunter's minorisation (2004, Annals of Statistics 32), slow and sure: p_i ← wins_i / Σ_j n_ij/(p_i + p_j), each two that met tied once more. */
function minorised(meetings: { i: number; j: number; votes: number; won: number }[], n: number): number[] {
  let p = Array<number>(n).fill(1);
  for (let round = 0; round < 200_000; round++) {
    const wins = Array<number>(n).fill(0);
    const expected = Array<number>(n).fill(0);
    for (const { i, j, votes, won } of meetings) {
      wins[i]! += won + 0.5;
      wins[j]! += votes - won + 0.5;
      for (const side of [i, j]) expected[side]! += (votes + 1) / (p[i]! + p[j]!);
    }
    const next = p.map((_, i) => wins[i]! / expected[i]!);
    const centre = Math.exp(next.reduce((sum, x) => sum + Math.log(x), 0) / n);
    const change = Math.max(...next.map((x, i) => Math.abs(Math.log(x / centre / p[i]!))));
    p = next.map((x) => x / centre);
    if (change < 1e-13) break;
  }
  return p.map(Math.log);
}

test("F5b, P4: Newton's method finds what minorisation finds, for all kinds of tables of writers who met", () => {
  const random = createRandom("tables");
  for (let table = 0; table < 30; table++) {
    const n = 2 + Math.floor(random() * 9);
    const chain = Array.from({ length: n - 1 }, (_, i) => [i, i + 1] as const); // so that all hang together
    const more = Array.from({ length: n }, () => [Math.floor(random() * n), Math.floor(random() * n)] as const);
    const met = new Map([...chain, ...more].filter(([i, j]) => i < j).map(([i, j]) => [`${i}/${j}`, { i, j }]));
    const meetings = [...met.values()].map(({ i, j }) => {
      const votes = 1 + Math.floor(random() ** 3 * 60);
      return { i, j, votes, won: random() < 0.3 ? votes : Math.floor(random() * (2 * votes + 1)) / 2 };
    });
    const expected = minorised(meetings, n);
    for (const [i, theta] of strengthsOf(meetings, n).entries()) expect(theta).toBeCloseTo(expected[i]!, 6);
  }
});

test("F5b, P4: an arena of 115 writers with 128 votes, and one of 1,000 writers with 8,000, have their ratings and intervals", () => {
  const random = createRandom("arena test");
  for (const [writers, votes] of [
    [115, 128],
    [1000, 8000],
  ] as const) {
    const name = () => `writer ${Math.floor(random() * writers)}`;
    const games = Array.from({ length: votes }, () => game(name(), name(), random() < 0.5 ? 1 : 0));
    const rated = ratings(games.filter(({ first, second }) => first !== second));
    expect(rated.length).toBeGreaterThan(0.8 * writers * (1 - Math.exp((-2 * votes) / writers)));
    expect(rated.every(({ low, rating, high }) => low <= rating + 500 && rating - 500 <= high && low < high)).toBe(
      true,
    );
    expect(rated.reduce((sum, { rating }) => sum + rating, 0) / rated.length).toBeCloseTo(1000, 6);
  }
});
