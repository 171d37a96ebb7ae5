// Rewards of sampled answers: trained reward models on the frozen base, the exact score of a synthetic task, rules, or a weighted sum.

import type { Text } from "../../common/rows/rows";
import type { RewardSource } from "../../spec/fields/rewards";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { mean, populationDeviation } from "../../spec/statistics";
import { readAdapter } from "../adapters/files";
import { chunks } from "../data/row-batches";
import { answerText, type Tokens, tokenizeAnswer } from "../data/tokenize";
import { compile, free } from "../engine/jit/compile";
import { type TokenBatch, tokenBatch } from "../inference/batches";
import { answerRewards } from "../inference/policy";
import type { Model } from "../models/model";
import { type RewardScale, readHead, readScale } from "../models/score-head";
import type { ChatTokenizer } from "../models/tokenizer";
import { goldRewardFor } from "./gold/reviews";
import { type RuleName, rulesOf } from "./rules";

export interface Answered {
  /** Null where the prompt arrived as ids. */
  prompt: Text | null;
  query: number[];
  /** Up to EOS, which it holds where the model ended by itself. */
  response: number[];
}

export type PartName = "model" | "deviation" | "gold" | RuleName;

export interface Scored {
  /** The weighted sum of the parts, one per answer. */
  scores: number[];
  /** Each part before its weight; `deviation` is the standard deviation over an ensemble's models, which is not part of the sum. */
  parts: Partial<Record<PartName, number[]>>;
  /** Scores of each reward model with a reward.json, standardised by it. */
  standardized: number[][];
}

export type Reward = (answers: Answered[]) => Scored;

/** With `normalize`, a reward model's scores are standardised by its reward.json. */
export function createReward(source: RewardSource, normalize: boolean, model: Model, tokenizer: ChatTokenizer): Reward {
  const models = [source.model ?? []].flat().map((folder) => readRewardModel(folder, model, tokenizer));
  const rules = rulesOf(source.rules);
  return (answers) => {
    const scored: Scored = { scores: answers.map(() => 0), parts: {}, standardized: [] };
    const add = (name: PartName, values: number[], weight: number) => {
      scored.parts[name] = values;
      scored.scores = scored.scores.map((sum, i) => sum + weight * values[i]!);
    };
    if (models.length > 0) {
      const raw = models.map(({ score, scale }) => ({ scores: score(answers), scale }));
      scored.standardized = raw.flatMap(({ scores, scale }) => (scale ? [standardized(scores, scale)] : []));
      const members = raw.map(({ scores, scale }) => (normalize ? standardized(scores, scale) : scores));
      const memberScores = answers.map((_, i) => members.map((scores) => scores[i]!));
      add("model", memberScores.map(combineEnsemble(source)), source.modelWeight);
      if (models.length > 1) scored.parts.deviation = memberScores.map(populationDeviation);
    }
    const texts = answers.map(({ response }) => ({
      text: answerText(tokenizer, response),
      tokens: response.length,
    }));
    if (source.gold)
      add(
        "gold",
        answers.map(({ prompt }, i) => gold(prompt, texts[i]!.text)),
        source.goldWeight,
      );
    for (const { name, weight, score } of rules) add(name, texts.map(score), weight);
    return scored;
  };
}

/** `reward`, whose first scores are also passed to `look`. */
export function withFirstScores(reward: Reward, look: (scored: Scored) => void): Reward {
  let first = true;
  return (answers) => {
    const scored = reward(answers);
    if (first) look(scored);
    first = false;
    return scored;
  };
}

/** The mean of each part, by the name it is logged under. */
export const partStats = ({ parts }: Scored): Partial<MetricRow> =>
  Object.fromEntries(Object.entries(parts).map(([name, values]) => [`score/${name}`, mean(values)]));

/** Answers that a reward model scores per batch. */
const scoredAtOnce = 64;

interface RewardModel {
  /** As its head gives them. */
  score(answers: Answered[]): number[];
  scale: RewardScale | null;
}

function readRewardModel(folder: string, model: Model, tokenizer: ChatTokenizer): RewardModel {
  const score = createRowScorer(folder, model, tokenizer.pad);
  const some = (answers: Answered[]) => score(answers.map((answer) => rowToScore(tokenizer, answer)));
  return { score: (answers) => chunks(answers, scoredAtOnce).flatMap(some), scale: readScale(folder) };
}

const standardized = (scores: number[], scale: RewardScale | null) =>
  scale ? scores.map((score) => (score - scale.mean) / scale.deviation) : scores;

/** A reward model's score of whole rows, read at the last token of each, as in training. */
export function createRowScorer(folder: string, model: Model, pad: number): (rows: Tokens[]) => number[] {
  const adapter = readAdapter(folder, model.config);
  const head = readHead(folder, model.config.hiddenSize);
  const score = compile((batch: TokenBatch) => answerRewards(model, adapter, head, batch));
  return (rows) => {
    const batch = tokenBatch(
      rows.map((row) => [row]),
      pad,
    );
    const scores = score(batch); // [B]
    const values = [...scores.dataSync<"float32">()];
    free([batch, scores]);
    return values;
  };
}

/** A sampled answer in the form of the rows that a reward model was trained on; prompts that arrived as ids are used as they are. */
function rowToScore(tokenizer: ChatTokenizer, { prompt, query, response }: Answered): Tokens {
  if (prompt === null) return sequence({ query, response });
  const completion: Text =
    typeof prompt === "string"
      ? tokenizer.decode(response) // goes on where the prompt ends: its first space belongs to it
      : [{ role: "assistant", content: answerText(tokenizer, response) }];
  return tokenizeAnswer(tokenizer, prompt, completion);
}

/** The score of an ensemble from its members' scores: Coste et al. 2024 (arXiv 2310.02743), section 3.3, with the deviation for the variance. */
const combineEnsemble =
  ({ ensemble, lambda }: RewardSource) =>
  (memberScores: number[]): number => {
    if (ensemble === "minimum") return Math.min(...memberScores);
    return mean(memberScores) - (ensemble === "lower-bound" ? lambda * populationDeviation(memberScores) : 0);
  };

/** Query and response in a row, of which the response is scored. */
export const sequence = ({ query, response }: Pick<Answered, "query" | "response">): Tokens => ({
  input_ids: [...query, ...response],
  completion_mask: [...query.map(() => 0), ...response.map(() => 1)],
});

function gold(prompt: Text | null, answer: string): number {
  const score = prompt === null ? null : goldRewardFor(prompt, answer);
  if (score === null)
    throw new Error(`the oracle scorer knows film reviews only; ${JSON.stringify(prompt)} asks for something else`);
  return score;
}
