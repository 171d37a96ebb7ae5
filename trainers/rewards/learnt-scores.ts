// From what a reward says of answers to what a run learns from.
import type { Supervision } from "../../spec/fields/supervision";
import { sum } from "../../spec/statistics";
import { type Answered, endedByItself } from "./answered";
import { hasNoReward, type Scored } from "./rewards";
import type { StepReward } from "./step-rewards";

interface Options {
  rewardClip: number | null;
  missingEosPenalty: number;
  /** Outcome where a method has no other. */
  supervision?: Supervision;
}

export interface LearntScore {
  /** All that the answer earns, after clipping and penalties. */
  score: number;
  /** Whether every part of the reward abstains: `score` has none then, and counts as 0 where it has to count. */
  abstained?: boolean;
  /** What it earns as a whole; null where no part scores it so. */
  outcome: number | null;
  /** What its steps earn; none without process supervision. */
  steps: StepReward[];
}

/** Rewards clipped, and less the penalty for a missing EOS, which the last step bears where nothing scores the whole. `ends`: the tokens that end an answer. */
export function learntScores(
  answers: Answered[],
  scored: Scored,
  { rewardClip, missingEosPenalty, supervision }: Options,
  ends: ReadonlySet<number>,
): LearntScore[] {
  const clip = (value: number) => (rewardClip === null ? value : Math.max(-rewardClip, Math.min(rewardClip, value)));
  const penalties = answers.map((answer) => (endedByItself(answer, ends) ? 0 : missingEosPenalty));
  const learnt = (given: number | null, i: number) => (given === null ? null : clip(given) - penalties[i]!);
  if (supervision !== "process")
    return scored.scores.map((given, i) => {
      const outcome = learnt(hasNoReward(scored, i) ? null : given, i);
      return { score: outcome ?? 0, abstained: outcome === null, outcome, steps: [] };
    });
  if (!scored.process) throw new Error("process supervision without a process reward model; name one as reward.model");
  const { steps: given, outcomes } = scored.process();
  return outcomes.map((whole, i) => {
    const outcome = learnt(whole, i);
    const steps = given[i]!.map(({ at, reward }) => ({ at, reward: clip(reward) }));
    if (outcome === null) steps.at(-1)!.reward -= penalties[i]!;
    return { score: sum(steps.map(({ reward }) => reward)) + (outcome ?? 0), outcome, steps };
  });
}
