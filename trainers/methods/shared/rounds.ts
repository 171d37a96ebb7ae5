// Rounds: the policy answers prompts, something is made of the answers, a method learns from that for some steps, and again.

import type { CommonConfig } from "../../../spec/fields/common";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { mean } from "../../../spec/statistics";
import type { Example } from "../../data/dataset";
import type { Rows } from "../../data/epochs";
import { batchRows, chunks } from "../../data/row-batches";
import type { Tokens } from "../../data/tokenize";
import type { Tree } from "../../engine/jit/compile";
import { shareOf, unused } from "../../inference/cache-use";
import { createSampler, type Sampler } from "../../inference/sampling";
import { type Answered, answered } from "../../rewards/answered";
import type { Candidates } from "../../rewards/judges";
import type { Method, Setup } from "../method";

interface Sampling {
  promptsPerRound: number;
  numGenerations: number;
  maxCompletionLength: number;
  temperature: number;
}

/** What a round learns from, before it is judged. */
export interface Sampled {
  candidates: Candidates[];
  /** Of the policy's sampling. */
  stats: Partial<MetricRow>;
}

/**
 * Answers of the current policy to a round's prompts; they depend on it, the seed and the round alone. The last to each prompt is `rival`'s,
 * where there is one.
 */
export function candidatesOfRounds(
  { context, tokenizer: { pad, ends } }: Pick<Setup, "context" | "tokenizer">,
  { data, seed }: CommonConfig,
  { promptsPerRound, numGenerations, maxCompletionLength: maxNewTokens, temperature }: Sampling,
  rows: Rows<Example<Tokens>>,
  rival: Sampler | null = null,
): (round: number) => Sampled {
  const use = unused();
  const ofPolicy = createSampler(context.model, context.policy, null, use);

  /** Those numbered `numbers` to each prompt. */
  function answersBy(sampler: Sampler, prompts: Example<Tokens>[], round: number, numbers: number[]): Answered[][] {
    const asked = prompts.flatMap((prompt, i) => numbers.map((k) => ({ prompt, i, k })));
    const queries = asked.map(({ prompt }) => prompt.promptIds);
    const streams = asked.map(({ i, k }) => `${seed}/round/${round}/${i}/${k}`);
    const completions = sampler(queries, { maxNewTokens, temperature, ends, pad, streams });
    return chunks(
      asked.map(({ prompt }, at) => answered(prompt, completions[at]!.ids)),
      numbers.length,
    );
  }

  return (round) => {
    const prompts = batchRows(rows, promptsPerRound, round, data.order, seed);
    const numbers = Array.from({ length: numGenerations }, (_, k) => k);
    const own = answersBy(ofPolicy, prompts, round, rival ? numbers.slice(0, -1) : numbers);
    const others = rival ? answersBy(rival, prompts, round, numbers.slice(-1)) : [];
    const candidates = prompts.map(({ tokens }, i) => {
      const answers = [...own[i]!, ...(others[i] ?? [])];
      return { given: tokens, answers, whole: answers.filter(({ response }) => ends.has(response.at(-1)!)) };
    });
    return { candidates, stats: shareOf(use) };
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
  sample: (round: number) => Sampled,
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
      const { candidates, stats: ofSampling } = sample(round);
      const learning = await begin(round, candidates, signal);
      if (learning === null) return false;
      const lengths = candidates.flatMap(({ answers }) => answers.map(({ response }) => response.length));
      const stats = { round: round + 1, ...ofSampling, ...learning.stats, "completions/mean_length": mean(lengths) };
      current = { round, method: learning.method, stats };
      return true;
    },
    batches: (step, pad) => roundInHand().method.batches(step % stepsPerRound, pad),
    heldOut: () => [],
    stepMetrics: () => roundInHand().stats,
  };
}
