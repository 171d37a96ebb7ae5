// Judges of the policy's answers, which make pairs of them: by score, by people, or by the data itself.
import { areAlike } from "../../common/min-hash";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { mean } from "../../spec/statistics";
import type { PairTokens, Tokens } from "../data/tokenize";
import type { ChatTokenizer } from "../models/tokenizer";
import { type Answered, sequence } from "./answered";
import { askedPair, opinionsOf } from "./opinions";
import type { Panel } from "./panel";
import { givenScores, partStats, type Reward } from "./rewards";

/** What was sampled for a prompt. */
export interface Candidates {
  /** The row's own answer after its prompt; no token is scored where the row has none. */
  given: Tokens;
  answers: Answered[];
  /** Those that the model ended by itself. */
  whole: Answered[];
}

export interface Judged {
  pairs: (Pick<PairTokens, "chosen" | "rejected"> & { answered: Answered })[];
  stats: Partial<MetricRow>;
}

/** Null where the wait was ended by `signal`. `round` counts from 0. */
export type Judge = (round: number, candidates: Candidates[], signal: AbortSignal) => Promise<Judged | null>;

/** Best against worst by score; no pair where all scores are equal, or best and worst are near-duplicates. */
export const byScore =
  (reward: Reward): Judge =>
  async (_, candidates) => {
    const answers = candidates.flatMap(({ answers }) => answers);
    const scored = reward(answers);
    const scores = givenScores(answers, scored);
    const scoreOf = (answer: Answered) => scores.get(answer)!;
    const found = candidates.flatMap(({ whole }) => {
      const sorted = whole.filter((answer) => scores.has(answer)).toSorted((a, b) => scoreOf(b) - scoreOf(a));
      const [best, worst] = [sorted[0], sorted.at(-1)];
      if (!best || !worst || scoreOf(best) === scoreOf(worst) || areAlike(best.response, worst.response)) return [];
      return [{ ...pairOf(best, worst), gap: scoreOf(best) - scoreOf(worst) }];
    });
    return {
      pairs: found,
      stats: {
        ...(scores.size > 0 && { "objective/scores": mean([...scores.values()]) }),
        ...partStats(scored),
        "objective/score_gap": found.length === 0 ? 0 : mean(found.map(({ gap }) => gap)),
      },
    };
  };

/** The row's answer over each of the policy's own (SPIN: Chen et al. 2024, arXiv 2401.01335, equation 4.7). */
export const byData =
  (ends: ReadonlySet<number>): Judge =>
  async (_, candidates) => {
    const pairs = candidates.flatMap(({ given, whole }) => {
      const chosen = untilEnd(given, ends);
      return whole
        .map((answered) => ({ chosen, rejected: sequence(answered), answered }))
        .filter(({ rejected }) => !areAlike(chosen.input_ids, rejected.input_ids));
    });
    return { pairs, stats: {} };
  };

/** Asks people, or an endpoint, to judge the pairs of a round, and waits until each has been judged. */
export const byPeople =
  (panel: Panel, tokenizer: ChatTokenizer, note: (text: string) => void): Judge =>
  async (round, candidates, signal) => {
    const asked = candidates.flatMap(({ whole: [first, second] }) => {
      const row = first && second && askedPair(first, second, tokenizer);
      return row ? [{ first, second, row }] : [];
    });
    const rows = asked.map(({ row }) => row);
    const opinions = await opinionsOf(panel, round, rows, note, signal);
    if (opinions === null) return null;
    const pairs = asked.flatMap(({ first, second }, i) => {
      if (opinions[i] === "tie") return [];
      return [opinions[i] === "first" ? pairOf(first, second) : pairOf(second, first)];
    });
    return { pairs, stats: {} };
  };

const pairOf = (better: Answered, worse: Answered) => ({
  chosen: sequence(better),
  rejected: sequence(worse),
  answered: better,
});

/** A sampled answer ends with an end token; what a template writes after it would tell the two apart. */
function untilEnd({ input_ids, completion_mask }: Tokens, ends: ReadonlySet<number>): Tokens {
  const start = completion_mask.indexOf(1);
  const end = input_ids.findIndex((id, t) => t >= start && ends.has(id)) + 1 || input_ids.length;
  return { input_ids: input_ids.slice(0, end), completion_mask: completion_mask.slice(0, end) };
}
