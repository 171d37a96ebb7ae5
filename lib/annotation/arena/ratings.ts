// Who writes better, from people's votes on pairs by two writers: Bradley and Terry's model, ties as half a win for each.
import { createRandom } from "../../../common/random";
import { mean, sum } from "../../../spec/statistics";
import { middle } from "../agreement/coefficients";
import { type Meeting, strengthsOf } from "./bradley-terry";

/** All votes on one pair. */
export interface Game {
  first: string;
  second: string;
  /** Of each vote: 1 for the first writer, 0 for the second, ½ for a tie. */
  outcomes: number[];
}

export interface Rating {
  writer: string;
  /** On Elo's scale: 400 points are odds of ten to one; the mean of all writers is 1000. */
  rating: number;
  /** 95 % interval over pairs drawn with replacement. */
  low: number;
  high: number;
  /** Share of votes won, ties half. */
  won: number;
  votes: number;
}

/** Draws of the bootstrap: fewer where there is very much to draw from, whose intervals are the steadier. */
const drawsOf = (size: number) => Math.max(40, Math.min(200, Math.floor(1e6 / size)));

/** From the best down. The intervals of all writers come from the same draws. */
export function ratings(games: Game[]): Rating[] {
  const writers = [...new Set(games.flatMap(({ first, second }) => [first, second]))];
  const table = tableOf(games, writers);
  const fitted = strengthsOf(table.count(games.keys()), writers.length);
  const random = createRandom("arena");
  const draws = Array.from({ length: drawsOf(games.length + writers.length) }, () => {
    const drawn = games.map(() => Math.floor(random() * games.length));
    return eloOf(strengthsOf(table.count(drawn), writers.length, { start: fitted, tolerance: 1e-4 }));
  });
  const outcomes = outcomesOf(games);
  return writers
    .map((writer, at): Rating => {
      const [low, high] = middle(draws.map((elo) => elo[at]!));
      const own = outcomes.get(writer)!;
      return { writer, rating: eloOf(fitted)[at]!, low, high, won: mean(own), votes: own.length };
    })
    .toSorted((a, b) => b.rating - a.rating);
}

/** Counts the votes of games, named by their index, by the two writers that met. */
function tableOf(games: Game[], writers: string[]): { count: (drawn: Iterable<number>) => Meeting[] } {
  const index = new Map(writers.map((writer, i) => [writer, i]));
  const meetings: Meeting[] = [];
  const known = new Map<string, number>();
  const entries = games.map(({ first, second, outcomes }) => {
    const [a, b] = [index.get(first)!, index.get(second)!];
    const [i, j] = a < b ? [a, b] : [b, a];
    const at = known.get(`${i}/${j}`) ?? meetings.push({ i, j, votes: 0, won: 0 }) - 1;
    known.set(`${i}/${j}`, at);
    const won = sum(outcomes);
    return { at, votes: outcomes.length, won: a < b ? won : outcomes.length - won };
  });
  const count = (drawn: Iterable<number>) => {
    const counted = meetings.map((meeting) => ({ ...meeting }));
    for (const game of drawn) {
      const { at, votes, won } = entries[game]!;
      counted[at]!.votes += votes;
      counted[at]!.won += won;
    }
    return counted;
  };
  return { count };
}

/** Of each writer, what became of each vote on what it wrote. */
function outcomesOf(games: Game[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const add = (writer: string, won: number) => {
    const own = found.get(writer);
    if (own) own.push(won);
    else found.set(writer, [won]);
  };
  for (const { first, second, outcomes } of games)
    for (const won of outcomes) {
      add(first, won);
      add(second, 1 - won);
    }
  return found;
}

const eloOf = (theta: Float64Array) => [...theta].map((x) => 1000 + (400 / Math.LN10) * x);
