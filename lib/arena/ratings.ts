// Who writes better, from people's votes on pairs by two writers: Bradley and Terry 1952, ties as half a win for each.
import { createRandom } from "../../trainers/random";
import { bootstrapInterval } from "../agreement/statistics";
import { mean } from "../statistics";

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

/** From the best down. */
export function ratings(games: Game[]): Rating[] {
  const writers = [...new Set(games.flatMap(({ first, second }) => [first, second]))];
  const strengths = bradleyTerry(games, writers);
  return writers
    .map((writer, at): Rating => {
      const of = (drawn: Game[]) => eloOf(bradleyTerry(drawn, writers))[at]!;
      const [low, high] = bootstrapInterval(games, of, createRandom("arena", writer), 200);
      const own = games.flatMap(({ first, second, outcomes }) =>
        first === writer ? outcomes : second === writer ? outcomes.map((won) => 1 - won) : [],
      );
      return { writer, rating: eloOf(strengths)[at]!, low, high, won: mean(own), votes: own.length };
    })
    .toSorted((a, b) => b.rating - a.rating);
}

/**
 * Strengths p with P(i beats j) = p_i/(p_i + p_j), by Hunter's minorisation (2004, Annals of Statistics 32): p_i ← wins_i / Σ_j n_ij/(p_i + p_j).
 * Each two writers that met have tied once more than they did, so that one who never lost stays finite.
 */
export function bradleyTerry(games: Game[], writers: string[]): number[] {
  const n = writers.length;
  const wins = Array<number>(n).fill(0);
  const met = Array.from({ length: n }, () => Array<number>(n).fill(0));
  const count = (i: number, j: number, won: number) => {
    wins[i]! += won;
    wins[j]! += 1 - won;
    met[i]![j]!++;
    met[j]![i]!++;
  };
  for (const { first, second, outcomes } of games)
    for (const won of outcomes) count(writers.indexOf(first), writers.indexOf(second), won);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) if (met[i]![j]! > 0) count(i, j, 0.5);
  let p = Array<number>(n).fill(1);
  for (let round = 0; round < 10_000; round++) {
    const raised = p.map((own, i) => {
      const expected = p.reduce((sum, other, j) => sum + met[i]![j]! / (own + other), 0);
      return expected > 0 ? wins[i]! / expected : own;
    });
    const middle = Math.exp(raised.reduce((sum, x) => sum + Math.log(x), 0) / n);
    const next = raised.map((x) => x / middle);
    const moved = Math.max(...next.map((x, i) => Math.abs(Math.log(x / p[i]!))));
    p = next;
    if (moved < 1e-9) break;
  }
  return p;
}

const eloOf = (strengths: number[]) => strengths.map((p) => 1000 + 400 * Math.log10(p));
