// The answers that each step of distillation learns on: with probability λ the student's, else the rows' own or the teacher's (Agarwal et al.
// 2024, algorithm 1). They are drawn anew for a step from its number, the seed and the policy alone, so a resumed run draws the same.
import { createRandom } from "../../../common/random";
import type { DistillConfig } from "../../../spec/methods/distill";
import { mean } from "../../../spec/statistics";
import type { Example } from "../../data/dataset";
import type { Rows } from "../../data/epochs";
import { batchRows } from "../../data/row-batches";
import type { Tokens } from "../../data/tokenize";
import type { Stats } from "../../engine/gradients";
import { shareOf, unused } from "../../inference/cache-use";
import type { FrozenPolicy } from "../../inference/frozen-policy";
import { createSampler, type Sampler } from "../../inference/sampling";
import { sequence } from "../../rewards/answered";
import type { Setup } from "../method";

interface StepAnswers {
  rows: Tokens[];
  /** Whether the student wrote them. */
  own: boolean;
  stats: Stats;
}

/** Those of step `step`, sampled when they are first asked for. */
export function answersOfSteps(
  { context, tokenizer: { pad, ends } }: Pick<Setup, "context" | "tokenizer">,
  teacher: FrozenPolicy,
  { distill, batchSize, gradientAccumulationSteps, data, seed }: DistillConfig,
  rows: Rows<Example<Tokens>>,
): (step: number) => StepAnswers {
  const { lmbda, seqKd, temperature, maxCompletionLength: maxNewTokens } = distill;
  const use = unused();
  const ofStudent = createSampler(context.model, context.policy, null, use);
  const ofTeacher = createSampler(teacher.model, teacher.adapter, null, use);

  function sampled(sampler: Sampler, asked: Example<Tokens>[], step: number): Omit<StepAnswers, "own"> {
    const queries = asked.map(({ promptIds }) => promptIds);
    const streams = queries.map((_, i) => `${seed}/distill/${step}/${i}`);
    const completions = sampler(queries, { maxNewTokens, temperature, ends, pad, streams });
    const lengths = completions.map(({ ids }) => ids.length);
    return {
      rows: completions.map(({ ids }, i) => sequence({ query: queries[i]!, response: ids })),
      stats: { "completions/mean_length": mean(lengths), ...shareOf(use) },
    };
  }

  function answersOf(step: number): StepAnswers {
    const asked = batchRows(rows, batchSize * gradientAccumulationSteps, step, data.order, seed);
    if (createRandom(seed, "distill", step)() < lmbda) return { ...sampled(ofStudent, asked, step), own: true };
    if (seqKd) return { ...sampled(ofTeacher, asked, step), own: false };
    return { rows: asked.map(({ tokens }) => tokens), own: false, stats: {} };
  }

  let current: { step: number; answers: StepAnswers } | null = null;
  return (step) => {
    if (current?.step !== step) current = { step, answers: answersOf(step) };
    return current.answers;
  };
}
