// Iterative DPO (Xu et al. 2023, arXiv 2312.16682; Xiong et al. 2024, arXiv 2312.11456): the policy answers each prompt several times, a judge
// takes the best and the worst, one round of DPO learns from them, and again. The loss is DPO's own. With two answers and a step a round it
// is online DPO (Guo et al. 2024, arXiv 2402.04792).

import { startsAsBase } from "../../../spec/adapters/adapters";
import { staysAsItIs } from "../../../spec/fields/pairs";
import { isGiven } from "../../../spec/fields/rewards";
import { comparesInQueue, type IterativeDpoConfig } from "../../../spec/methods/iterative-dpo";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { mean } from "../../../spec/statistics";
import type { Example, TrainingData } from "../../data/dataset";
import { answeredRows, promptOf, promptRows, withLongestAnswer } from "../../data/method-rows";
import { batchRows, chunks } from "../../data/row-batches";
import type { PairTokens, Tokens } from "../../data/tokenize";
import { cloneAdapter } from "../../engine/adapter";
import type { FrozenPolicy } from "../../inference/frozen-policy";
import { createReference, memoryCache } from "../../inference/reference";
import { createSampler } from "../../inference/sampling";
import { answered } from "../../rewards/answered";
import { byData, byPeople, byScore, type Candidates, type Judge } from "../../rewards/judges";
import { panelIn } from "../../rewards/panel";
import type { Reward } from "../../rewards/rewards";
import { createDpo, type DpoBatch } from "../dpo/method";
import { type Method, referenceOf, type Setup, type Training } from "../method";
import { followerOf } from "../shared/moving-reference";

export const iterativeDpo: Training<IterativeDpoConfig, Tokens, DpoBatch> = {
  readRows: (config, tokenizer) =>
    config.iterativeDpo.chosen === "data" ? answeredRows(config, tokenizer) : promptRows(config, tokenizer),
  sequences(row, { iterativeDpo }) {
    const longest = withLongestAnswer(promptOf(row), iterativeDpo.maxCompletionLength);
    return [row.completion_mask.includes(1) ? row : longest, longest];
  },
  create(setup, config, dataset) {
    const { judge: source } = config.iterativeDpo;
    const reward = isGiven(source) ? setup.createReward(source, true) : null;
    const judge = createJudge(setup, config, reward);
    return { ...createRounds(setup, config, judge, dataset), ...(reward && { reward }) };
  },
};

function createJudge(
  { tokenizer, note, waiting }: Setup,
  { iterativeDpo, output }: IterativeDpoConfig,
  reward: Reward | null,
): Judge {
  const { queue, endpoint } = iterativeDpo.judge;
  if (iterativeDpo.chosen === "data") return byData(tokenizer.ends);
  if (reward) return byScore(reward);
  if (!comparesInQueue(iterativeDpo.judge))
    throw new Error("iterativeDpo.judge names nobody: give a reward, a queue of people or an endpoint");
  return byPeople(panelIn(output, { queue: queue ?? "new", endpoint }, waiting), tokenizer, note);
}

interface RoundReference {
  reference: FrozenPolicy;
  /** Sets the reference to the current policy; does nothing where it stays the initial one. */
  moveReference(): void;
}

/** The policy at this moment is the first reference: call this before a checkpoint is restored. */
function referenceOfRounds({ iterativeDpo, adapter }: IterativeDpoConfig, setup: Setup): RoundReference {
  const { model, policy } = setup.context;
  if (iterativeDpo.reference === "initial") {
    const started = startsAsBase(adapter) || policy === null;
    return { reference: started ? referenceOf(setup) : { model, adapter: cloneAdapter(policy) }, moveReference() {} };
  }
  const { reference, follow } = followerOf(setup.context);
  return { reference, moveReference: () => follow(1) };
}

function createRounds(
  setup: Setup,
  config: IterativeDpoConfig,
  judge: Judge,
  dataset: TrainingData<Tokens>,
): Method<DpoBatch> {
  const { context, tokenizer } = setup;
  const { model, policy } = context;
  const { iterativeDpo: options, batchSize, gradientAccumulationSteps, data, seed } = config;
  const { pad, ends } = tokenizer;
  const stepsPerRound = Math.ceil((options.promptsPerRound * options.epochs) / (batchSize * gradientAccumulationSteps));
  const { reference, moveReference } = referenceOfRounds(config, setup);
  const cache = memoryCache();
  const referenceScores = createReference({ ...reference, cache, pad });
  const sampler = createSampler(model, policy);
  const dpoOn = (train: Example<PairTokens>[]) =>
    createDpo(
      context,
      referenceScores,
      { ...config, method: "dpo", reference: "base", dpo: { ...options.dpo, ...staysAsItIs } },
      { train, heldOut: [], notes: [] },
    );
  let currentRound: { round: number; method: Method<DpoBatch>; stats: Partial<MetricRow> } | null = null;

  /** Answers of the current policy, grouped by prompt. */
  function sampled(round: number): Candidates[] {
    const prompts = batchRows(dataset.train, options.promptsPerRound, round, data.order, seed);
    const asked = prompts.flatMap((prompt, i) =>
      Array.from({ length: options.numGenerations }, (_, k) => ({ prompt, i, k })),
    );
    const completions = sampler(
      asked.map(({ prompt }) => prompt.promptIds),
      {
        maxNewTokens: options.maxCompletionLength,
        temperature: options.temperature,
        ends,
        pad,
        streams: asked.map(({ i, k }) => `${seed}/round/${round}/${i}/${k}`),
      },
    );
    const answers = asked.map(({ prompt }, at) => answered(prompt, completions[at]!.ids));
    return chunks(answers, options.numGenerations).map((own, i) => ({
      given: prompts[i]!.tokens,
      answers: own,
      whole: own.filter(({ response }) => ends.has(response.at(-1)!)),
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
    currentRound = {
      round,
      method: dpoOn(pairs),
      stats: {
        round: round + 1,
        ...judged.stats,
        "completions/mean_length": mean(lengths),
        "objective/pairs": pairs.length,
      },
    };
  }

  const { loss } = dpoOn([]);
  const roundInHand = () => {
    if (!currentRound) throw new Error("a step of iterative DPO comes after its round was judged");
    return currentRound;
  };
  return {
    loss,
    stepsPerRollout: stepsPerRound,
    answersPerRollout: options.promptsPerRound * options.numGenerations,
    totalSteps: options.rounds * stepsPerRound,
    async beforeStep(step, signal) {
      const round = Math.floor(step / stepsPerRound);
      if (currentRound?.round === round) return true;
      moveReference();
      cache.clear();
      const candidates = sampled(round);
      const judged = await judge(round, candidates, signal);
      if (judged) begin(round, candidates, judged);
      return judged !== null;
    },
    batches: (step, pad) => roundInHand().method.batches(step % stepsPerRound, pad),
    heldOut: () => [],
    stepMetrics: () => roundInHand().stats,
  };
}
