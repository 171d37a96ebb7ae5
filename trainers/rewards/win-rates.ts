// How often an answer wins against the others to its prompt, by what a judge thinks of every pair: P̂(y ≻ π | x) of SPPO.
import type { MetricRow } from "../../spec/metrics/catalogue";
import { mean } from "../../spec/statistics";
import type { ChatTokenizer } from "../models/tokenizer";
import type { Answered } from "./answered";
import type { Candidates } from "./judges";
import { askedPair, opinionsOf } from "./opinions";
import type { Panel } from "./panel";
import { givenScores, partStats, type Reward } from "./rewards";

export interface Rated {
  answer: Answered;
  winRate: number;
}

/** Of the answers that ended; null where the wait for people was ended by `signal`. */
export type Rater = (
  round: number,
  candidates: Candidates[],
  signal: AbortSignal,
) => Promise<{ rated: Rated[][]; stats: Partial<MetricRow> } | null>;

/** wins[i][j] is the probability that i is preferred to j. Of each its mean over all, itself included: it ties with itself. [k][k] → [k] */
export const winRates = (wins: number[][]): number[] => wins.map(mean);

const rate = (answers: Answered[], wins: number[][]): Rated[] => {
  const rates = winRates(wins);
  return answers.map((answer, i) => ({ answer, winRate: rates[i]! }));
};

/** Bradley and Terry's probabilities σ(r_i − r_j) of a reward. */
export const ratedByScore =
  (reward: Reward): Rater =>
  async (_, candidates) => {
    const all = candidates.flatMap(({ answers }) => answers);
    const scored = reward(all);
    const scores = givenScores(all, scored);
    const rated = candidates.map(({ whole }) => {
      const judged = whole.filter((answer) => scores.has(answer));
      const own = judged.map((answer) => scores.get(answer)!);
      return rate(
        judged,
        own.map((a) => own.map((b) => 1 / (1 + Math.exp(b - a)))),
      );
    });
    return { rated, stats: { "objective/scores": mean([...scores.values()]), ...partStats(scored) } };
  };

/** 1 where a panel prefers an answer to another, ½ where it does not tell them apart; of near-duplicates it is not asked. */
export const ratedByPanel =
  (panel: Panel, tokenizer: ChatTokenizer, note: (text: string) => void): Rater =>
  async (round, candidates, signal) => {
    const pairs = candidates.flatMap(({ whole }, prompt) =>
      whole.flatMap((first, i) =>
        whole.slice(i + 1).flatMap((second, after) => {
          const row = askedPair(first, second, tokenizer);
          return row ? [{ prompt, i, j: i + 1 + after, row }] : [];
        }),
      ),
    );
    const rows = pairs.map(({ row }) => row);
    const opinions = await opinionsOf(panel, round, rows, note, signal);
    if (opinions === null) return null;
    const wins = candidates.map(({ whole }) => whole.map(() => whole.map(() => 0.5)));
    for (const [at, { prompt, i, j }] of pairs.entries()) {
      const won = { first: 1, second: 0, tie: 0.5 }[opinions[at]!];
      wins[prompt]![i]![j] = won;
      wins[prompt]![j]![i] = 1 - won;
    }
    return { rated: candidates.map(({ whole }, prompt) => rate(whole, wins[prompt]!)), stats: {} };
  };
