// A reward model, ready to score: an adapter with a head over the run's own frozen base, or a model of its own with its own tokenizer.

import type { Text } from "../../common/rows/rows";
import { isWholeModel } from "../../common/whole-model";
import { readAdapter } from "../adapters/files";
import { answerText, type Tokens, tokenizeAnswer } from "../data/tokenize";
import { compile, free } from "../engine/jit/compile";
import { type TokenBatch, tokenBatch } from "../inference/batches";
import { answerRewards } from "../inference/policy";
import type { Model } from "../models/model";
import { longestSequence, refuseTooLong } from "../models/position-limit";
import { readHead } from "../models/score-head";
import { readScorer } from "../models/scorer";
import { rewardModelPath } from "../models/scorer-config";
import type { ChatTokenizer } from "../models/tokenizer";
import { type Answered, sequence } from "./answered";

export interface RowScorer {
  /** Of the rows that it scores. */
  tokenizer: ChatTokenizer;
  /** Tokens of a row at most. */
  longest: number;
  /** A number for each whole row, read at its last token, as in training. */
  score(rows: Tokens[]): number[];
}

/** `model` and `tokenizer`: the run's, on which an adapter stands. */
export function openRewardModel(source: string, model: Model, tokenizer: ChatTokenizer): RowScorer {
  const folder = rewardModelPath(source);
  const { head, ...own } = isWholeModel(folder)
    ? { ...readScorer(folder), adapter: null }
    : {
        model,
        tokenizer,
        adapter: readAdapter(folder, model.config),
        head: readHead(folder, model.config.hiddenSize),
      };
  const score = compile((batch: TokenBatch) => answerRewards(own.model, own.adapter, head, batch));
  return {
    tokenizer: own.tokenizer,
    longest: longestSequence(own.model.config, own.adapter),
    score(rows) {
      for (const { input_ids } of rows)
        refuseTooLong(
          own.model.config,
          own.adapter,
          input_ids.length,
          "an answer to score, with its prompt,",
          "shorten either",
        );
      const batch = tokenBatch(
        rows.map((row) => [row]),
        own.tokenizer.pad,
      );
      const scores = score(batch); // [B]
      const values = [...scores.dataSync<"float32">()];
      free([batch, scores]);
      return values;
    },
  };
}

/**
 * A sampled answer in the form of the rows that a reward model was trained on. Prompts that arrived as ids are used as they are, by a model of
 * its own as the text that they stand for. `policy`: the tokenizer that it was sampled with.
 */
export function rowToScore(policy: ChatTokenizer, scorer: ChatTokenizer, answered: Answered): Tokens {
  const { prompt, query, response, episode } = answered;
  if (prompt === null && policy === scorer) return sequence(answered);
  const before = prompt ?? policy.decode(query);
  const completion: Text =
    typeof before === "string"
      ? policy.decode(response) // goes on where the prompt ends: its first space belongs to it
      : (episode?.turns ?? [{ role: "assistant", content: answerText(policy, response) }]);
  return tokenizeAnswer(scorer, before, completion);
}
