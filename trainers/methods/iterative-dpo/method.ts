// Iterative DPO (Xu et al. 2023, arXiv 2312.16682; Xiong et al. 2024, arXiv 2312.11456): the policy answers each prompt several times, a judge
// takes the best and the worst, one round of DPO learns from them, and again. The loss is DPO's own. With two answers and a step a round it
// is online DPO (Guo et al. 2024, arXiv 2402.04792); with one of them by the reference, whose likelihood the loss lowers, XPO (Xie et al. 2024).

import { startsAsBase } from "../../../spec/adapters/adapters";
import { comparesInQueue } from "../../../spec/fields/judge";
import { staysAsItIs } from "../../../spec/fields/pairs";
import { isGiven } from "../../../spec/fields/rewards";
import type { DpoConfig } from "../../../spec/methods/dpo";
import { type IterativeDpoConfig, iterativeDpo as iterativeDpoSpec } from "../../../spec/methods/iterative-dpo";
import type { Example, TrainingData } from "../../data/dataset";
import { answeredRows } from "../../data/method-rows";
import { promptOf, promptRows, withLongestAnswer } from "../../data/prompt-rows";
import type { PairTokens, Tokens } from "../../data/tokenize";
import { cloneAdapter } from "../../engine/adapter";
import type { FrozenPolicy } from "../../inference/frozen-policy";
import { createReference, memoryCache } from "../../inference/reference";
import { createSampler } from "../../inference/sampling";
import { byData, byPeople, byScore, type Candidates, type Judge } from "../../rewards/judges";
import { panelIn } from "../../rewards/panel";
import type { Reward } from "../../rewards/rewards";
import { createDpo, type DpoBatch } from "../dpo/method";
import { type Method, referenceOf, type Setup, type Training } from "../method";
import { followerOf } from "../shared/moving-reference";
import { candidatesOfRounds, methodOfRounds, type Sampled } from "../shared/rounds";

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
  const options = config.iterativeDpo;
  const { reference, moveReference } = referenceOfRounds(config, setup);
  const cache = memoryCache();
  const referenceScores = createReference({ ...reference, cache, pad: tokenizer.pad });
  const explores = options.alpha > 0;
  const rival = explores ? createSampler(reference.model, reference.adapter) : null;
  const answersOf = candidatesOfRounds(setup, config, options, dataset.train, rival);
  const dpoConfig: DpoConfig = {
    ...{ ...config, method: "dpo", reference: "base" },
    dpo: { ...options.dpo, ...staysAsItIs },
  };
  const dpoOn = (train: Example<PairTokens>[]) =>
    createDpo(context, referenceScores, dpoConfig, { train, heldOut: [], notes: [] }, options.alpha);

  function sample(round: number): Sampled {
    moveReference();
    cache.clear();
    return answersOf(round);
  }

  async function begin(round: number, candidates: Candidates[], signal: AbortSignal) {
    const judged = await judge(round, candidates, signal);
    if (judged === null) return null;
    if (judged.pairs.length === 0)
      throw new Error(`round ${round + 1} gave no pair: the judge ties all answers to each prompt, or all were cut`);
    const ofReference = new Set(explores ? candidates.map(({ answers }) => answers.at(-1)) : []);
    const pairs = judged.pairs.map(({ chosen, rejected, answered }) => {
      const explored: PairTokens["explored"] = ofReference.has(answered) ? "chosen" : "rejected";
      const tokens = { chosen, rejected, ...(explores && { explored }) };
      return { tokens, prompt: answered.prompt, promptIds: answered.query };
    });
    return { method: dpoOn(pairs), stats: { ...judged.stats, "objective/pairs": pairs.length } };
  }

  return methodOfRounds(options, iterativeDpoSpec.stepsPerRollout(config), sample, begin, dpoOn([]).loss);
}
