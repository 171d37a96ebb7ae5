// Supervised fine-tuning: likelihood of the answer's tokens; loss in loss.ts.

import type { SftConfig } from "../../../spec/methods/sft";
import type { Dataset } from "../../data/dataset";
import { rowBatches } from "../../data/row-batches";
import { singleGroup, type Tokens } from "../../data/tokenize";
import { countTokens, microBatches, scoredTokens, type TokenBatch, tokenBatch } from "../../inference/batches";
import { tokenScores } from "../../inference/policy";
import { type Context, type Method, over } from "../method";
import { sftLoss } from "./loss";

export function sft(
  { model, policy, pad, microBatchTokens }: Context,
  config: SftConfig,
  dataset: Dataset<Tokens>,
): Method<TokenBatch> {
  return {
    ...rowBatches(dataset, config, (rows) =>
      microBatches(rows, singleGroup, microBatchTokens).map((part) => ({
        weight: part.reduce((sum, row) => sum + scoredTokens(row), 0),
        tokens: countTokens(part),
        build: () => tokenBatch(part.map(singleGroup), pad),
      })),
    ),
    loss(batch) {
      const { logProbs, entropy, top1 } = tokenScores(model, policy, batch);
      return {
        loss: sftLoss(logProbs, batch.mask),
        stats: { entropy: over(entropy, batch.mask), mean_token_accuracy: over(top1, batch.mask) },
      };
    },
  };
}
