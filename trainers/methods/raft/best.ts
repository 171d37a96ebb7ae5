// RAFT's choice (Dong et al. 2023, arXiv 2304.06767, algorithm 1, line 6): of the answers to a prompt the one with the highest reward.
import type { Answered } from "../../rewards/answered";
import type { Candidates } from "../../rewards/judges";

export interface Kept {
  answer: Answered;
  score: number;
}

/** Of those that the model ended by itself and that score `least` or more; the first of equals, null where there is none. */
export function bestOf(
  { whole }: Pick<Candidates, "whole">,
  scoreOf: (answer: Answered) => number,
  least: number | null,
): Kept | null {
  const scored = whole.map((answer) => ({ answer, score: scoreOf(answer) }));
  return scored
    .filter(({ score }) => score >= (least ?? Number.NEGATIVE_INFINITY))
    .reduce<Kept | null>((best, one) => (best === null || one.score > best.score ? one : best), null);
}
