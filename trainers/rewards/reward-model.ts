// A reward model, ready to score: an adapter with a head over the run's own frozen base, or a model of its own with its own tokenizer.

import type { Text } from "../../common/rows/rows";
import { isWholeModel } from "../../common/whole-model";
import type { StepAggregation } from "../../spec/fields/rewards";
import { mean } from "../../spec/statistics";
import { readAdapter } from "../adapters/files";
import { judgedAt, type Step, stepRow, stepsOf } from "../data/steps";
import { answerText, type Tokens, tokenizeAnswer } from "../data/tokenize";
import type { Adapter } from "../engine/adapter";
import { compile, free } from "../engine/jit/compile";
import type { tf } from "../engine/tensorflow";
import { type TokenBatch, tokenBatch } from "../inference/batches";
import { answerRewards, tokenValues } from "../inference/policy";
import type { Model } from "../models/model";
import { longestSequence, refuseTooLong } from "../models/position-limit";
import { readHead, readStepSeparator } from "../models/score-head";
import { readScorer } from "../models/scorer";
import { rewardModelPath } from "../models/scorer-config";
import type { ChatTokenizer } from "../models/tokenizer";
import { type Answered, sequence } from "./answered";

export interface RowScorer {
  /** Of the rows that it scores. */
  tokenizer: ChatTokenizer;
  /** Tokens of a row at most. */
  longest: number;
  /** Of one that judges an answer's steps; null where it scores answers whole. */
  steps: StepScorer | null;
  /** A prompt with an answer, as the rows that it was trained on. */
  row(prompt: Text, answer: Text): Tokens;
  /** A number for each row. */
  score(rows: Tokens[]): number[];
}

export interface StepScorer {
  /** The text that ends a step. */
  separator: string;
  /** How probable it is that each step of each row is right. */
  scores(rows: Tokens[]): number[][];
  /** What they come to for the whole answer. */
  verdict(scores: number[]): number;
}

/** `model` and `tokenizer`: the run's, on which an adapter stands. `steps` is for process reward models. */
export function openRewardModel(
  source: string,
  model: Model | null,
  tokenizer: ChatTokenizer,
  steps: StepAggregation = "minimum",
): RowScorer {
  const folder = rewardModelPath(source);
  if (isWholeModel(folder)) return openOwnScorer(folder, steps);
  if (model === null)
    throw new Error(`the reward model ${folder} is an adapter, and there is no model for it to stand on`);
  const adapter = readAdapter(folder, model.config);
  const head = readHead(folder, model.config.hiddenSize);
  return rowScorer({ model, tokenizer, adapter, head }, folder, steps);
}

/** A reward model that is a model of its own. */
export const openOwnScorer = (folder: string, steps: StepAggregation = "minimum"): RowScorer =>
  rowScorer({ ...readScorer(folder), adapter: null }, folder, steps);

function rowScorer(
  { head, ...own }: Scorer & { head: tf.Tensor2D },
  folder: string,
  steps: StepAggregation,
): RowScorer {
  const separator = readStepSeparator(folder);
  const { model, adapter, tokenizer } = own;
  const fitting = (rows: Tokens[]): Tokens[] => {
    for (const { input_ids } of rows)
      refuseTooLong(model.config, adapter, input_ids.length, "an answer to score, with its prompt,", "shorten either");
    return rows;
  };
  const common = { tokenizer, longest: longestSequence(model.config, adapter) };
  if (separator === null) {
    const score = wholeAnswers(own, head);
    return {
      ...common,
      steps: null,
      row: (prompt, answer) => tokenizeAnswer(tokenizer, prompt, answer),
      score: (rows) => score(fitting(rows)),
    };
  }
  const scores = stepScores(own, head);
  const judged: StepScorer = { separator, scores: (rows) => scores(fitting(rows)), verdict: aggregated(steps) };
  return {
    ...common,
    steps: judged,
    row: (prompt, answer) => stepRow(tokenizer, prompt, stepsIn(answer, separator), separator),
    score: (rows) => judged.scores(rows).map(judged.verdict),
  };
}

type Scorer = { model: Model; tokenizer: ChatTokenizer; adapter: Adapter | null };

/** A number for each whole row, read at its last token, as in training. */
function wholeAnswers({ model, tokenizer, adapter }: Scorer, head: tf.Tensor2D): (rows: Tokens[]) => number[] {
  const score = compile((batch: TokenBatch) => answerRewards(model, adapter, head, batch));
  return (rows) => {
    const batch = tokenBatch(
      rows.map((row) => [row]),
      tokenizer.pad,
    );
    const scores = score(batch); // [B]
    const values = [...scores.dataSync<"float32">()];
    free([batch, scores]);
    return values;
  };
}

/** Of each row the probabilities that its steps are right, each read where the step ends, as in training. */
function stepScores({ model, tokenizer, adapter }: Scorer, head: tf.Tensor2D): (rows: Tokens[]) => number[][] {
  const score = compile((batch: TokenBatch) => tokenValues(model, adapter, head, batch).sigmoid() as tf.Tensor2D);
  return (rows) => {
    const batch = tokenBatch(
      rows.map((row) => [judgedAt(row, tokenizer.pad)]),
      tokenizer.pad,
    );
    const scores = score(batch); // [B, C]
    const [found, judged] = [scores.arraySync(), batch.mask.arraySync()];
    free([batch, scores]);
    return found.map((row, i) => row.filter((_, t) => judged[i]![t] === 1));
  };
}

/** The steps of an answer; of several turns the model's are judged, and what others said stands between them. */
function stepsIn(answer: Text, separator: string): Step[] {
  const turns = typeof answer === "string" ? [{ role: "assistant", content: answer }] : answer;
  return turns.flatMap(({ role, content }) =>
    stepsOf(content ?? "", separator).map((text) => ({ text, judged: role === "assistant" })),
  );
}

function aggregated(steps: StepAggregation): (probabilities: number[]) => number {
  if (steps === "minimum") return (all) => Math.min(...all);
  if (steps === "product") return (all) => all.reduce((product, one) => product * one, 1);
  if (steps === "last") return (all) => all.at(-1)!;
  return mean;
}

/**
 * A sampled answer in the form of the rows that a reward model was trained on. Prompts that arrived as ids are used as they are, by a model of
 * its own as the text that they stand for. `policy`: the tokenizer that it was sampled with.
 */
export function rowToScore(policy: ChatTokenizer, scorer: RowScorer, answered: Answered): Tokens {
  const { prompt, query } = answered;
  if (prompt === null && policy === scorer.tokenizer && scorer.steps === null) return sequence(answered);
  return scorer.row(prompt ?? policy.decode(query), completionToScore(policy, answered));
}

/** The text of a sampled answer as rows have it. */
export function completionToScore(policy: ChatTokenizer, { prompt, response, episode }: Answered): Text {
  if (prompt === null || typeof prompt === "string") return policy.decode(response); // goes on where the prompt ends: its first space belongs to it
  return episode?.turns ?? [{ role: "assistant", content: answerText(policy, response) }];
}
