// From what a reward says of answers to what a run learns from.
import { type Answered, endedByItself } from "./answered";
import { hasNoReward, type Scored } from "./rewards";

interface Options {
  rewardClip: number | null;
  missingEosPenalty: number;
}

/** Scores clipped, and less the penalty for a missing EOS; null where every part of the reward abstains. `ends`: the tokens that end an answer. */
export const learntScores = (
  answers: Answered[],
  scored: Scored,
  { rewardClip, missingEosPenalty }: Options,
  ends: ReadonlySet<number>,
): (number | null)[] =>
  answers.map((answer, i) =>
    hasNoReward(scored, i)
      ? null
      : clipped(scored.scores[i]!, rewardClip) - (endedByItself(answer, ends) ? 0 : missingEosPenalty),
  );

const clipped = (value: number, bound: number | null) =>
  bound === null ? value : Math.max(-bound, Math.min(bound, value));
