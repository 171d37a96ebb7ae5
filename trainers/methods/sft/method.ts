// Supervised fine-tuning: likelihood of the answer's tokens; loss in loss.ts.
import type { SftConfig } from "../../../spec/methods/sft";
import { supervisedRows } from "../../data/method-rows";
import { rowBatches } from "../../data/row-batches";
import { singleGroup, type Tokens } from "../../data/tokenize";
import { maskedMean } from "../../engine/loss-output";
import { countTokens, microBatches, scoredTokens, type TokenBatch, tokenBatch } from "../../inference/batches";
import { tokenScores } from "../../inference/policy";
import type { Training } from "../method";
import { sftLoss } from "./loss";

export const sft: Training<SftConfig, Tokens, TokenBatch> = {
  readRows: supervisedRows,
  sequences: singleGroup,
  create({ context: { model, policy, microBatchTokens } }, config, dataset) {
    return {
      ...rowBatches(dataset, config, (rows, pad) =>
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
          stats: { entropy: maskedMean(entropy, batch.mask), mean_token_accuracy: maskedMean(top1, batch.mask) },
        };
      },
    };
  },
};
