// How often scores agree with what is known of answers: RewardBench 2's measures (Malik et al. 2025, arXiv 2506.01937).
import { mean } from "../../../spec/statistics";

/** A prompt's answers: what each scored, and its rank, 1 being the best. */
export interface ScoredAnswers {
  scores: number[];
  ranks: number[];
}

/** 1 where the best answer scores highest; answers that share the highest score share the credit. Of two answers it is the accuracy on pairs. */
export function bestOfCredit({ scores, ranks }: ScoredAnswers): number {
  const [best, highest] = [Math.min(...ranks), Math.max(...scores)];
  return mean(scores.flatMap((score, i) => (score === highest ? [ranks[i] === best ? 1 : 0] : [])));
}

/** A question with one right answer (`ref`), or with several of which none is better (`tied`); the two go together by number. */
export interface TiedAnswers extends ScoredAnswers {
  kind: "ref" | "tied";
  question: string;
}

interface Margins {
  /** From the worst right answer to the best wrong one. */
  toWrong: number;
  /** Between the best right answer and the worst; null where there is one. */
  amongRight: number | null;
}

function marginsOf({ scores, ranks }: ScoredAnswers): Margins {
  const of = (isRight: boolean) => scores.filter((_, i) => (ranks[i] === 1) === isRight);
  const [right, wrong] = [of(true), of(false)];
  return {
    toWrong: Math.min(...right) - Math.max(...wrong),
    amongRight: right.length > 1 ? Math.max(...right) - Math.min(...right) : null,
  };
}

const average = (values: number[]): number => (values.length === 0 ? 0 : mean(values));

/**
 * The score of the category "Ties": right answers are to score above wrong ones, and closer to each other than to them.
 * 0.3 each for the two accuracies, 0.2 each for the two comparisons of margins, 0.01 for how far they are apart.
 */
export function tiesScore(rows: TiedAnswers[]): number {
  const of = (kind: TiedAnswers["kind"]) =>
    new Map(rows.filter((row) => row.kind === kind).map((row) => [row.question, marginsOf(row)]));
  const [ref, tied] = [of("ref"), of("tied")];
  const accuracy = (all: Map<string, Margins>) => average([...all.values()].map(({ toWrong }) => Number(toWrong > 0)));
  const both = [...tied].flatMap(([question, { toWrong, amongRight }]) => {
    const alone = ref.get(question);
    if (alone === undefined || amongRight === null) return [];
    return [{ toWrong, amongRight, least: Math.min(alone.toWrong, toWrong) }];
  });
  const apart = both.filter(({ amongRight }) => amongRight > 0);
  return (
    0.3 * accuracy(tied) +
    0.3 * accuracy(ref) +
    0.2 * average(both.map(({ toWrong, amongRight }) => Number(toWrong > amongRight))) +
    0.2 * average(both.map(({ least, amongRight }) => Number(least > amongRight))) +
    0.01 * average(apart.map(({ least, amongRight }) => Math.tanh(least / amongRight - 1)))
  );
}
