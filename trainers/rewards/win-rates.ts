// How probable it is that an answer is preferred to another to its prompt, by what a judge thinks of every pair, and P̂(y ≻ π | x) of SPPO from that.
import type { Judge } from "../../spec/fields/judge";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { mean } from "../../spec/statistics";
import type { ChatTokenizer } from "../models/tokenizer";
import type { Answered } from "./answered";
import type { Candidates } from "./judges";
import { askedPair, opinionsOf } from "./opinions";
import { type Panel, panelIn } from "./panel";
import { givenScores, partStats, type Reward } from "./rewards";

/** Answers to a prompt: wins[i][j] is the probability that i is preferred to j. */
export interface Compared {
  answers: Answered[];
  wins: number[][];
}

/** Of the answers that ended; null where the wait for people was ended by `signal`. */
export type Comparer = (
  round: number,
  candidates: Candidates[],
  signal: AbortSignal,
) => Promise<{ compared: Compared[]; stats: Partial<MetricRow> } | null>;

export interface Rated {
  answer: Answered;
  winRate: number;
}

/** Of each the mean of wins over all, itself included: it ties with itself. [k][k] → [k] */
export const winRates = (wins: number[][]): number[] => wins.map(mean);

export function rated({ answers, wins }: Compared): Rated[] {
  const rates = winRates(wins);
  return answers.map((answer, i) => ({ answer, winRate: rates[i]! }));
}

interface Asking {
  tokenizer: ChatTokenizer;
  note(text: string): void;
  waiting(asked: { round: number; request: string; answer: string }): void;
}

/** By `reward` where the judge has one, else by people or an endpoint, who are asked by files in `folder`. */
export function comparerOf(
  { tokenizer, note, waiting }: Asking,
  { queue, endpoint }: Judge,
  reward: Reward | null,
  folder: string,
): Comparer {
  if (reward) return comparedByScore(reward);
  return comparedByPanel(panelIn(folder, { queue: queue ?? "new", endpoint }, waiting), tokenizer, note);
}

/** Bradley and Terry's probabilities σ(r_i − r_j) of a reward. */
export const comparedByScore =
  (reward: Reward): Comparer =>
  async (_, candidates) => {
    const all = candidates.flatMap(({ answers }) => answers);
    const scored = reward(all);
    const scores = givenScores(all, scored);
    const compared = candidates.map(({ whole }) => {
      const answers = whole.filter((answer) => scores.has(answer));
      const own = answers.map((answer) => scores.get(answer)!);
      return { answers, wins: own.map((a) => own.map((b) => 1 / (1 + Math.exp(b - a)))) };
    });
    return { compared, stats: { "objective/scores": mean([...scores.values()]), ...partStats(scored) } };
  };

/** 1 where a panel prefers an answer to another, ½ where it does not tell them apart; of near-duplicates it is not asked. */
const comparedByPanel =
  (panel: Panel, tokenizer: ChatTokenizer, note: (text: string) => void): Comparer =>
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
    return { compared: candidates.map(({ whole }, i) => ({ answers: whole, wins: wins[i]! })), stats: {} };
  };
