// What a method is created from: the policy, its reference, and ways to score rows and answers.
import type { RunConfig } from "../../spec/config";
import { rewardSource } from "../../spec/fields/rewards";
import { mean } from "../../spec/statistics";
import type { Tokens } from "../data/tokenize";
import {
  checkScores,
  createReference,
  memoryCache,
  policyHash,
  type Reference,
  type ScoreCache,
} from "../inference/reference";
import type { Context, Setup } from "../methods/method";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { checkReward } from "../rewards/check-reward";
import { createReward, type Reward, withFirstScores } from "../rewards/rewards";
import type { Observer } from "./observer";
import { createReferencePolicy } from "./policy";
import type { Resume } from "./restore";

interface Options {
  observer: Observer;
  resume?: Resume[];
  scoreCache?: (policy: string) => ScoreCache;
}

/** `groups` are all rows as the sequences that share a prompt. */
export function createSetup(
  config: RunConfig,
  { observer, resume = [], scoreCache = memoryCache }: Options,
  files: LoadedFiles,
  context: Context,
  groups: Tokens[][],
): Setup {
  const { model } = context;
  const { tokenizer } = files;
  const reference = createReferencePolicy(config, context);
  const startsAsBase = resume.length === 0 && config.adapter?.init === undefined;
  return {
    context,
    tokenizer,
    reference,
    createReferenceScores(): Reference {
      const cache = scoreCache(policyHash(files.contentHash(), config.model.dtype, reference));
      const scores = createReference({ model, adapter: reference, cache, pad: tokenizer.pad });
      const refused = checkScores(scores, cache, groups);
      if (refused) observer.note(refused);
      return scores;
    },
    createReward(source, normalize) {
      const reward = createReward(source, normalize, model, tokenizer);
      return startsAsBase ? withFirstCheck(reward, observer) : reward;
    },
    note: observer.note,
    checked: observer.checked,
    waiting: observer.waiting,
  };
}

/** What scores a run's sample completions: the reward model named by `sampleReward`, or the reward that it trains on. */
export const sampleReward = (config: RunConfig, setup: Setup, learntFrom: Reward | null): Reward | null =>
  config.sampleReward === null
    ? learntFrom
    : setup.createReward(rewardSource.parse({ model: config.sampleReward }), true);

/** Checks a reward on the first answers of a run, which are the base model's where the policy starts as its base. */
function withFirstCheck(reward: Reward, { checked, note }: Observer): Reward {
  return withFirstScores(reward, ({ standardized, scores }) => {
    if (standardized.length === 0) return;
    const { holds, detail } = checkReward(standardized.map(mean), scores.length);
    if (holds) checked({ name: "reward", detail });
    else note(detail);
  });
}
