// Iterative DPO (Xu et al. 2023, arXiv 2312.16682; Xiong et al. 2024, arXiv 2312.11456): the policy answers each prompt several times, a judge
// takes the best and the worst, one round of DPO learns from them, and again. The loss is DPO's own. With two answers and a step a round it
// is online DPO (Guo et al. 2024, arXiv 2402.04792).

import type { IterativeDpoConfig } from "../../../spec/methods/iterative-dpo";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { mean } from "../../../spec/statistics";
import type { Adapter } from "../../adapters/adapter";
import type { Dataset, Example } from "../../data/dataset";
import { batchRows, chunks } from "../../data/row-batches";
import type { PairTokens, Tokens } from "../../data/tokenize";
import { createReference, memoryCache } from "../../inference/reference";
import { createSampler } from "../../inference/sampling";
import type { ChatTokenizer } from "../../models/tokenizer";
import type { Candidates, Judge } from "../../rewards/judges";
import type { Answered } from "../../rewards/rewards";
import { dpo } from "../dpo/method";
import type { Context, Method } from "../method";

export interface RoundRoles {
  judge: Judge;
  /** Null is the base with adapters off. */
  reference: Adapter | null;
  /** Brings the reference to where the policy stands; does nothing where it stays the initial one. */
  moveReference(): void;
  tokenizer: ChatTokenizer;
}

export function iterativeDpo(
  context: Context,
  { judge, reference, moveReference, tokenizer }: RoundRoles,
  config: IterativeDpoConfig,
  dataset: Dataset<Tokens>,
): ReturnType<typeof dpo> & Pick<Method<never>, "ready"> {
  const { model, policy, pad } = context;
  const { iterativeDpo: options, batchSize, gradientAccumulation, data, seed } = config;
  const perRound = Math.ceil((options.promptsPerRound * options.epochs) / (batchSize * gradientAccumulation));
  const cache = memoryCache();
  const scorer = createReference({ model, adapter: reference, cache, pad });
  const sampler = createSampler(model, policy);
  const over = (train: Example<PairTokens>[]) =>
    dpo(
      context,
      scorer,
      { ...config, method: "dpo", reference: "base", dpo: options.dpo },
      { train, heldOut: [], notes: [] },
    );
  let current: { round: number; method: ReturnType<typeof over>; stats: Partial<MetricRow> } | null = null;

  /** Answers of the policy as it stands, in groups by prompt. */
  function sampled(round: number): Candidates[] {
    const prompts = batchRows(dataset.train, options.promptsPerRound, round, data.order, seed);
    const asked = prompts.flatMap((prompt, i) => Array.from({ length: options.samples }, (_, k) => ({ prompt, i, k })));
    const completions = sampler(
      asked.map(({ prompt }) => prompt.promptIds),
      {
        maxNewTokens: options.responseLength,
        temperature: options.temperature,
        ends: tokenizer.ends,
        pad,
        streams: asked.map(({ i, k }) => `${seed}/round/${round}/${i}/${k}`),
      },
    );
    const answers = asked.map(({ prompt }, at): Answered => {
      return { prompt: prompt.prompt, query: prompt.promptIds, response: completions[at]!.ids };
    });
    return chunks(answers, options.samples).map((own, i) => ({
      given: prompts[i]!.tokens,
      answers: own,
      whole: own.filter(({ response }) => tokenizer.ends.has(response.at(-1)!)),
    }));
  }

  function begin(round: number, candidates: Candidates[], judged: NonNullable<Awaited<ReturnType<Judge>>>): void {
    if (judged.pairs.length === 0)
      throw new Error(`round ${round + 1} gave no pair: the judge ties all answers to each prompt, or all were cut`);
    const pairs = judged.pairs.map(({ chosen, rejected, answered: { prompt, query } }) => ({
      tokens: { chosen, rejected },
      prompt,
      promptIds: query,
    }));
    const lengths = candidates.flatMap(({ answers }) => answers.map(({ response }) => response.length));
    current = {
      round,
      method: over(pairs),
      stats: {
        round: round + 1,
        ...judged.stats,
        "objective/length": mean(lengths),
        "objective/pairs": pairs.length,
      },
    };
  }

  return {
    ...over([]),
    cycle: perRound,
    samples: options.promptsPerRound * options.samples,
    steps: options.rounds * perRound,
    async ready(step, signal) {
      const round = Math.floor(step / perRound);
      if (current?.round === round) return true;
      moveReference();
      cache.clear();
      const candidates = sampled(round);
      const judged = await judge(round, candidates, signal);
      if (judged) begin(round, candidates, judged);
      return judged !== null;
    },
    batches: (step) => current!.method.batches(step % perRound),
    heldOut: () => [],
    about: () => current!.stats,
  };
}
