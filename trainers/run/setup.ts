// What a method is created from: the policy, its reference, and ways to score rows and answers.
import { startsAsBase } from "../../spec/adapters/adapters";
import type { RunConfig } from "../../spec/config";
import { rewardSource } from "../../spec/fields/rewards";
import { methodOf } from "../../spec/methods/all";
import type { ScoredAnswer } from "../../spec/reports";
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
import type { Model } from "../models/model";
import { standsOnPolicyBase } from "../models/scorer-config";
import type { ChatTokenizer } from "../models/tokenizer";
import { type Answered, shownText } from "../rewards/answered";
import { checkReward } from "../rewards/check-reward";
import { loadLanguages } from "../rewards/language-rule";
import { createReward, type Reward, type Scored, withFirstScores } from "../rewards/rewards";
import type { Observer } from "./observer";
import { createReferencePolicy, frozenCopy, readTeacher } from "./policy";
import type { Resume } from "./restore";

interface Options {
  observer: Observer;
  resume?: Resume[];
  scoreCache?: (policy: string) => ScoreCache;
  firstScores?(scored: ScoredAnswer[]): void;
}

/** `groups` are all rows as the sequences that share a prompt. */
export async function createSetup(
  config: RunConfig,
  { observer, resume = [], scoreCache = memoryCache, firstScores }: Options,
  files: LoadedFiles,
  context: Context,
  groups: Tokens[][],
): Promise<Setup> {
  const { model } = context;
  const { tokenizer } = files;
  /** What adapters stand on: where every weight is trained a frozen copy, made once something asks for it. */
  let copy: Model | null = null;
  const base = () => {
    copy ??= context.whole ? frozenCopy(model, context.whole.start) : model;
    return copy;
  };
  if (methodOf(config).scoredBy(config)?.reward.rules.language) await loadLanguages();
  const reference = await createReferencePolicy(config, files, context, base);
  const teacher = config.method === "distill" ? await readTeacher(config.distill.teacher, model, base) : null;
  const asBase = resume.length === 0 && startsAsBase(config.adapter);
  return {
    context,
    tokenizer,
    reference,
    teacher,
    createReferenceScores(): Reference {
      if (reference === null) throw new Error(`${config.method} has no reference to score rows under`);
      const cache = scoreCache(policyHash(reference.contentHash(), config.model, reference.adapter));
      const scores = createReference({ ...reference, cache, pad: tokenizer.pad });
      const refused = checkScores(scores, cache, groups);
      if (refused) observer.note(refused);
      return scores;
    },
    createReward(source, normalize) {
      const onBase = [source.model ?? []].flat().some(standsOnPolicyBase);
      const run = { output: config.output, note: observer.note, waiting: observer.waiting };
      const made = createReward(source, normalize, onBase ? base() : model, tokenizer, run);
      const reward = firstScores
        ? withFirstScores(made, (scored, answers) => firstScores(scoredAnswers(tokenizer, answers, scored)))
        : made;
      return asBase ? withFirstCheck(reward, observer) : reward;
    },
    note: observer.note,
    checked: observer.checked,
    waiting: observer.waiting,
  };
}

/** What scores a run's sample completions: the reward model named by `sampleReward`, or the reward that it trains on. */
export function sampleReward(config: RunConfig, setup: Setup, learntFrom: Reward | null): Reward | null {
  if (config.sampleReward === null) return learntFrom;
  const ofModel = setup.createReward(rewardSource.parse({ model: config.sampleReward }), true);
  return (answers) =>
    ofModel(
      answers.map((answer) => (answer.episode ? { ...answer, episode: { ...answer.episode, reward: null } } : answer)),
    );
}

const scoredAnswers = (tokenizer: ChatTokenizer, answers: Answered[], { scores, parts }: Scored): ScoredAnswer[] =>
  answers.map((answer, i) => ({
    answer: shownText(tokenizer, answer),
    score: scores[i]!,
    parts: Object.fromEntries(Object.entries(parts).map(([name, values]) => [name, values[i]!])),
  }));

/** Checks a reward on the first answers of a run, which are the base model's where the policy starts as its base. */
function withFirstCheck(reward: Reward, { checked, note }: Observer): Reward {
  return withFirstScores(reward, ({ standardized, scores }) => {
    if (standardized.length === 0) return;
    const { holds, detail } = checkReward(standardized.map(mean), scores.length);
    if (holds) checked({ name: "reward", detail });
    else note(detail);
  });
}
