// What says which of several answers to a prompt is better: a reward model, or a policy by how much likelier it has made each.

import type { GenerateConfig } from "../../../spec/config";
import { readBaseQuantisation } from "../../adapters/base-quantisation";
import { type Tokens, tokenizeAnswer } from "../../data/tokenize";
import { compile, free } from "../../engine/jit/compile";
import { type TokenBatch, tokenBatch } from "../../inference/batches";
import { type FrozenPolicy, loadBase, readPolicy } from "../../inference/frozen-policy";
import { sequenceLogProbs } from "../../inference/policy";
import { loadModel } from "../../models/load";
import { longestSequence } from "../../models/position-limit";
import { openRewardModel, type RowScorer } from "../../rewards/reward-model";
import { longestScored } from "../../rewards/score-pairs";

export interface AnswerScorer {
  /** A prompt with an answer, as what scores reads them. */
  row: RowScorer["row"];
  /** Tokens of a prompt with an answer. */
  longest: number;
  /** A number for each of several answers to one prompt; the higher, the better. */
  score(answers: Tokens[]): number[];
}

/** The reward model in `folder`, on the model that it was trained on, or a model of its own. */
export async function rewardScorer({ source, dtype }: GenerateConfig["model"], folder: string): Promise<AnswerScorer> {
  const { model, tokenizer } = await loadModel({ source, dtype, ...readBaseQuantisation(folder) });
  const { longest, ...scorer } = openRewardModel(folder, model, tokenizer);
  return { ...scorer, longest: Math.min(longestScored, longest) };
}

/**
 * The implicit reward of a policy (Rafailov et al. 2023, arXiv 2305.18290, eq. 5) without β, which is the same for all answers:
 *   log π(y|x) − log π_ref(y|x), in nats.
 * `reference` is a folder; null: the base.
 */
export async function implicitScorer(
  source: GenerateConfig["model"],
  folder: string,
  reference: string | null,
): Promise<AnswerScorer> {
  const { model, tokenizer } = await loadBase(source, [folder, reference]);
  const policies = [
    await readPolicy(folder, model),
    reference === null ? { model, adapter: null } : await readPolicy(reference, model),
  ];
  const [policy, before] = policies.map(({ model, adapter }: FrozenPolicy) =>
    compile((batch: TokenBatch) => sequenceLogProbs(model, adapter, batch)),
  );
  const longest = policies.map(({ model, adapter }) => longestSequence(model.config, adapter));
  return {
    row: (prompt, answer) => tokenizeAnswer(tokenizer, prompt, answer),
    longest: Math.min(longestScored, ...longest),
    score(answers) {
      const batch = tokenBatch(
        answers.map((row) => [row]),
        tokenizer.pad,
      );
      const sums = [policy!(batch), before!(batch)]; // [n]
      const [own, base] = sums.map((one) => one.dataSync<"float32">());
      const ratios = [...own!].map((value, i) => value - base![i]!);
      free([batch, ...sums]);
      return ratios;
    },
  };
}
