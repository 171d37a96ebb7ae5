// Rewards of sampled answers: reward models, here and over HTTP, the exact score of a synthetic task, a function of one's own, an endpoint, rules, or a weighted sum.

import { say } from "../../common/command-line";
import type { Text } from "../../common/rows/rows";
import type { GoldTask, RewardSource } from "../../spec/fields/rewards";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { mean, populationDeviation } from "../../spec/statistics";
import { forReward } from "../data/dataset";
import { chunks } from "../data/row-batches";
import type { Tokens } from "../data/tokenize";
import type { Model } from "../models/model";
import { type RewardScale, readScale } from "../models/score-head";
import { rewardModelPath } from "../models/scorer-config";
import type { ChatTokenizer } from "../models/tokenizer";
import { type Answered, finalText, ownTokens } from "./answered";
import { type ForFunction, rewardFunction } from "./function/function";
import { taskReward } from "./gold/tasks";
import { type GradedRun, graded, graderOf } from "./grader";
import { remoteRewards } from "./remote";
import { completionToScore, openRewardModel, rowToScore } from "./reward-model";
import { type RuleName, rulesOf } from "./rules";
import { type StepReward, stepEnds } from "./step-rewards";

export type PartName = "model" | "deviation" | "gold" | "remote" | "function" | "grader" | "environment" | RuleName;

export interface Scored {
  /** The weighted sum of the parts, one per answer. */
  scores: number[];
  /** Each part before its weight, null where it abstains, which adds nothing; `deviation` is the standard deviation over an ensemble's models, which is not part of the sum. */
  parts: Partial<Record<PartName, (number | null)[]>>;
  /** Scores of each reward model with a reward.json, standardised by it. */
  standardized: number[][];
  /** Where a process reward model is among the parts; found when asked, since runs without process supervision need none of it. */
  process?: () => ProcessRewards;
}

/** The sum of the parts taken apart, for process supervision. Each is weighted, one per answer. */
export interface ProcessRewards {
  /** What the process reward model gives to single steps. */
  steps: StepReward[][];
  /** What the other parts give to the whole answer; null where there are none, or all abstain. */
  outcomes: (number | null)[];
}

export type Reward = (answers: Answered[]) => Scored;

/** On the command line a function works where the command does. */
const noRun: GradedRun = { output: ".", note: say, waiting: null };

/** With `normalize`, a reward model's scores are standardised by its reward.json. `model`: what a reward model that is an adapter stands on. */
export function createReward(
  source: RewardSource,
  normalize: boolean,
  model: Model | null,
  tokenizer: ChatTokenizer,
  run = noRun,
): Reward {
  const models = [source.model ?? []].flat().map((named) => readRewardModel(named, source, model, tokenizer));
  const remote = source.remote === null ? null : remoteRewards(source.remote);
  const ownFunction = source.function && rewardFunction(source.function, run);
  const grader = source.grader && graderOf(source.grader, run);
  const rules = rulesOf(source.rules);
  return (answers) => {
    const scored: Scored = { scores: answers.map(() => 0), parts: {}, standardized: [] };
    let outcomes = answers.map((): number | null => null);
    const add = (name: PartName, values: (number | null)[], weight: number) => {
      scored.parts[name] = values;
      const added = (sum: number, i: number) => sum + weight * (values[i] ?? 0);
      scored.scores = scored.scores.map(added);
      if (name !== "model") outcomes = outcomes.map((sum, i) => (values[i] === null ? sum : added(sum ?? 0, i)));
    };
    const judged = models.map(({ score, scale }) => ({ ...score(answers), scale }));
    if (models.length > 0) {
      scored.standardized = judged.flatMap(({ scores, scale }) => (scale ? [standardized(scores, scale)] : []));
      const members = judged.map(({ scores, scale }) => (normalize ? standardized(scores, scale) : scores));
      const memberScores = answers.map((_, i) => members.map((scores) => scores[i]!));
      add("model", memberScores.map(combineEnsemble(source)), source.modelWeight);
      if (models.length > 1) scored.parts.deviation = memberScores.map(populationDeviation);
    }
    const texts = answers.map((answer) => ({
      text: finalText(tokenizer, answer),
      ids: ownTokens(answer, answer.response),
      truth: answer.truth,
    }));
    const { gold: task } = source;
    if (task)
      add(
        "gold",
        answers.map(({ prompt }, i) => gold(task, prompt, texts[i]!.text)),
        source.goldWeight,
      );
    if (remote) {
      const asked = answers.map(({ prompt, query, response, ...more }) => ({
        prompt: tokenizer.exact(query),
        query: tokenizer.exact([...query, ...response]),
        ...(prompt !== null && { row: { prompt, ...forReward(more) } }),
      }));
      add("remote", remote(asked), source.remoteWeight);
    }
    if (source.function && ownFunction)
      add("function", ownFunction(answers.map((answer) => forFunction(tokenizer, answer))), source.function.weight);
    if (source.grader && grader)
      add("grader", grader(answers.map((answer) => graded(tokenizer, answer))), source.grader.weight);
    if (typeof answers[0]?.episode?.reward === "number")
      add(
        "environment",
        answers.map(({ episode }) => episode!.reward),
        1,
      );
    for (const { name, weight, score } of rules) add(name, texts.map(score), weight);
    const steps = judged[0]?.steps;
    return steps ? { ...scored, process: () => ({ steps: weighted(steps(), source.modelWeight), outcomes }) } : scored;
  };
}

/** As TRL has it: messages after messages, plain text after plain text, and no special tokens. */
function forFunction(tokenizer: ChatTokenizer, answer: Answered): ForFunction {
  const { prompt, query, response, columns = {}, episode } = answer;
  const content = tokenizer.decode(response);
  const turns = episode?.turns ?? [{ role: "assistant", content }];
  const completion = typeof prompt === "object" && prompt !== null ? turns : content;
  return { prompt: prompt ?? tokenizer.decode(query), completion, ids: response, columns };
}

/** Whether every part abstains from an answer, which then has no reward. An ensemble's deviation is no part. */
export function hasNoReward({ parts: { deviation: _, ...parts } }: Scored, answer: number): boolean {
  const all = Object.values(parts);
  return all.length > 0 && all.every((values) => values[answer] === null);
}

/** The scores of those answers that have a reward. */
export function givenScores(answers: Answered[], scored: Scored): Map<Answered, number> {
  const given = answers.map((answer, i) => [answer, scored.scores[i]!] as const);
  return new Map(given.filter((_, i) => !hasNoReward(scored, i)));
}

/** `reward`, whose first scores are also passed to `look`. */
export function withFirstScores(reward: Reward, look: (scored: Scored, answers: Answered[]) => void): Reward {
  let first = true;
  return (answers) => {
    const scored = reward(answers);
    if (first) look(scored, answers);
    first = false;
    return scored;
  };
}

/** The mean of each part over the answers that it scores, by the name it is logged under. */
export const partStats = ({ parts }: Scored): Partial<MetricRow> =>
  Object.fromEntries(
    Object.entries(parts).flatMap(([name, values]) => {
      const given = values.filter((value) => value !== null);
      return given.length === 0 ? [] : [[`score/${name}`, mean(given)]];
    }),
  );

/** Answers that a reward model scores per batch. */
const scoredAtOnce = 64;

interface RewardModel {
  /** As its head gives them; of a process reward model also those of the steps. */
  score(answers: Answered[]): { scores: number[]; steps: (() => StepReward[][]) | null };
  scale: RewardScale | null;
}

function readRewardModel(
  named: string,
  { steps }: RewardSource,
  model: Model | null,
  tokenizer: ChatTokenizer,
): RewardModel {
  const scorer = openRewardModel(named, model, tokenizer, steps);
  const inParts = <T>(score: (rows: Tokens[]) => T[], answers: Answered[]): T[] =>
    chunks(answers, scoredAtOnce).flatMap((some) => score(some.map((answer) => rowToScore(tokenizer, scorer, answer))));
  const scale = readScale(rewardModelPath(named));
  const { steps: judge } = scorer;
  if (judge === null) return { score: (answers) => ({ scores: inParts(scorer.score, answers), steps: null }), scale };
  return {
    score(answers) {
      const ofSteps = inParts(judge.scores, answers);
      const endsOf = (answer: Answered) =>
        stepEnds(tokenizer, answer, completionToScore(tokenizer, answer), judge.separator);
      const steps = () =>
        answers.map((answer, i) => endsOf(answer).map((at, step) => ({ at, reward: ofSteps[i]![step]! })));
      return { scores: ofSteps.map(judge.verdict), steps };
    },
    scale,
  };
}

const weighted = (steps: StepReward[][], weight: number): StepReward[][] =>
  steps.map((own) => own.map(({ at, reward }) => ({ at, reward: weight * reward })));

const standardized = (scores: number[], scale: RewardScale | null) =>
  scale ? scores.map((score) => (score - scale.mean) / scale.deviation) : scores;

/** The score of an ensemble from its members' scores: Coste et al. 2024 (arXiv 2310.02743), section 3.3, with the deviation for the variance. */
const combineEnsemble =
  ({ ensemble, lambda }: RewardSource) =>
  (memberScores: number[]): number => {
    if (ensemble === "minimum") return Math.min(...memberScores);
    return mean(memberScores) - (ensemble === "lower-bound" ? lambda * populationDeviation(memberScores) : 0);
  };

function gold(task: GoldTask, prompt: Text | null, answer: string): number {
  const score = prompt === null ? null : taskReward(task, prompt, answer);
  if (score === null)
    throw new Error(
      `the oracle scorer of ${task} knows its own prompts only; ${JSON.stringify(prompt)} is none of them`,
    );
  return score;
}
