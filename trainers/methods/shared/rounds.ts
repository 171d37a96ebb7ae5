// Rounds: the policy answers prompts, something is made of the answers, a method learns from that for some steps, and again.

import type { CommonConfig } from "../../../spec/fields/common";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { mean } from "../../../spec/statistics";
import type { Example } from "../../data/dataset";
import type { Rows } from "../../data/epochs";
import { batchRows, chunks } from "../../data/row-batches";
import type { Tokens } from "../../data/tokenize";
import type { Tree } from "../../engine/jit/compile";
import { createSampler } from "../../inference/sampling";
import { answered } from "../../rewards/answered";
import type { Candidates } from "../../rewards/judges";
import type { Method, Setup } from "../method";

interface Sampling {
  promptsPerRound: number;
  numGenerations: number;
  maxCompletionLength: number;
  temperature: number;
}

/** Answers of the current policy to a round's prompts; they depend on it, the seed and the round alone. */
export function candidatesOfRounds(
  { context, tokenizer: { pad, ends } }: Pick<Setup, "context" | "tokenizer">,
  { data, seed }: CommonConfig,
  { promptsPerRound, numGenerations, maxCompletionLength: maxNewTokens, temperature }: Sampling,
  rows: Rows<Example<Tokens>>,
): (round: number) => Candidates[] {
  const sampler = createSampler(context.model, context.policy);
  return (round) => {
    const prompts = batchRows(rows, promptsPerRound, round, data.order, seed);
    const asked = prompts.flatMap((prompt, i) => Array.from({ length: numGenerations }, (_, k) => ({ prompt, i, k })));
    const queries = asked.map(({ prompt }) => prompt.promptIds);
    const streams = asked.map(({ i, k }) => `${seed}/round/${round}/${i}/${k}`);
    const completions = sampler(queries, { maxNewTokens, temperature, ends, pad, streams });
    const answers = asked.map(({ prompt }, at) => answered(prompt, completions[at]!.ids));
    return chunks(answers, numGenerations).map((own, i) => ({
      given: prompts[i]!.tokens,
      answers: own,
      whole: own.filter(({ response }) => ends.has(response.at(-1)!)),
    }));
  };
}

/** What a round learns from. */
export interface Learning<Batch extends Tree> {
  method: Pick<Method<Batch>, "batches">;
  stats: Partial<MetricRow>;
}

/** Makes of a round's answers what it learns from; null where the wait for that was ended by `signal`. */
type Begin<Batch extends Tree> = (
  round: number,
  candidates: Candidates[],
  signal: AbortSignal,
) => Promise<Learning<Batch> | null>;

/** A method of rounds; `sample` answers the prompts of one. */
export function methodOfRounds<Batch extends Tree>(
  { rounds, promptsPerRound, numGenerations }: { rounds: number } & Sampling,
  stepsPerRound: number,
  sample: (round: number) => Candidates[],
  begin: Begin<Batch>,
  loss: Method<Batch>["loss"],
): Method<Batch> {
  let current: ({ round: number } & Learning<Batch>) | null = null;
  const roundInHand = () => {
    if (!current) throw new Error("a step comes after its round was sampled and judged");
    return current;
  };
  return {
    loss,
    stepsPerRollout: stepsPerRound,
    answersPerRollout: promptsPerRound * numGenerations,
    totalSteps: rounds * stepsPerRound,
    async beforeStep(step, signal) {
      const round = Math.floor(step / stepsPerRound);
      if (current?.round === round) return true;
      const candidates = sample(round);
      const learning = await begin(round, candidates, signal);
      if (learning === null) return false;
      const lengths = candidates.flatMap(({ answers }) => answers.map(({ response }) => response.length));
      const stats = { round: round + 1, ...learning.stats, "completions/mean_length": mean(lengths) };
      current = { round, method: learning.method, stats };
      return true;
    },
    batches: (step, pad) => roundInHand().method.batches(step % stepsPerRound, pad),
    heldOut: () => [],
    stepMetrics: () => roundInHand().stats,
  };
}
