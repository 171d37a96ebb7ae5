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
  /** Whether it judges an answer's steps. */
  stepwise: boolean;
  /** A prompt with an answer, as the rows that it was trained on. */
  row(prompt: Text, answer: Text): Tokens;
  /** A number for each row. */
  score(rows: Tokens[]): number[];
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
  const read = separator === null ? wholeAnswers(own, head) : stepwiseAnswers(own, head, separator, steps);
  return {
    tokenizer: own.tokenizer,
    longest: longestSequence(own.model.config, own.adapter),
    stepwise: separator !== null,
    row: read.row,
    score(rows) {
      for (const { input_ids } of rows)
        refuseTooLong(
          own.model.config,
          own.adapter,
          input_ids.length,
          "an answer to score, with its prompt,",
          "shorten either",
        );
      return read.score(rows);
    },
  };
}

type Scorer = { model: Model; tokenizer: ChatTokenizer; adapter: Adapter | null };
type Read = Pick<RowScorer, "row" | "score">;

/** A number for each whole row, read at its last token, as in training. */
function wholeAnswers({ model, tokenizer, adapter }: Scorer, head: tf.Tensor2D): Read {
  const score = compile((batch: TokenBatch) => answerRewards(model, adapter, head, batch));
  return {
    row: (prompt, answer) => tokenizeAnswer(tokenizer, prompt, answer),
    score(rows) {
      const batch = tokenBatch(
        rows.map((row) => [row]),
        tokenizer.pad,
      );
      const scores = score(batch); // [B]
      const values = [...scores.dataSync<"float32">()];
      free([batch, scores]);
      return values;
    },
  };
}

/** A number for each row from the probabilities that its steps are right, each read where the step ends, as in training. */
function stepwiseAnswers(
  { model, tokenizer, adapter }: Scorer,
  head: tf.Tensor2D,
  separator: string,
  steps: StepAggregation,
): Read {
  const score = compile((batch: TokenBatch) => tokenValues(model, adapter, head, batch).sigmoid() as tf.Tensor2D);
  return {
    row: (prompt, answer) => stepRow(tokenizer, prompt, stepsIn(answer, separator), separator),
    score(rows) {
      const batch = tokenBatch(
        rows.map((row) => [judgedAt(row, tokenizer.pad)]),
        tokenizer.pad,
      );
      const scores = score(batch); // [B, C]
      const [found, judged] = [scores.arraySync(), batch.mask.arraySync()];
      free([batch, scores]);
      return found.map((row, i) => aggregated(steps)(row.filter((_, t) => judged[i]![t] === 1)));
    },
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
  const { prompt, query, response, episode } = answered;
  if (prompt === null && policy === scorer.tokenizer && !scorer.stepwise) return sequence(answered);
  const before = prompt ?? policy.decode(query);
  const completion: Text =
    typeof before === "string"
      ? policy.decode(response) // goes on where the prompt ends: its first space belongs to it
      : (episode?.turns ?? [{ role: "assistant", content: answerText(policy, response) }]);
  return scorer.row(before, completion);
}
