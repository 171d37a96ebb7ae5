// Supervised fine-tuning, and pre-training when every weight is trained: loss in losses/sft.ts.
import { countTokens, type TokenBatch, tokenBatch } from "../batches";
import type { SftConfig } from "../config";
import { batchRows, type Dataset } from "../data/dataset";
import type { Tokens } from "../data/tokenize";
import { sftLoss } from "../losses/sft";
import type { Context, Method } from "../method";
import { tokenLogProbs } from "../policy";

export function sft({ model, policy, pad }: Context, config: SftConfig, dataset: Dataset<Tokens>): Method<TokenBatch> {
  const { batchSize, data, seed } = config;

  function batch(rows: Tokens[]) {
    const tokens = tokenBatch(rows, pad);
    return { batch: tokens, info: { weight: tokens.labels.shape[0], tokens: countTokens(rows) } };
  }

  return {
    *batches(first) {
      for (let index = first; ; index++)
        yield batch(batchRows(dataset.train, batchSize, index, data.order, seed).map((row) => row.tokens));
    },
    *heldOut() {
      for (let at = 0; at < dataset.heldOut.length; at += batchSize)
        yield batch(dataset.heldOut.slice(at, at + batchSize).map((row) => row.tokens));
    },
    loss: (tokens) => ({ loss: sftLoss(tokenLogProbs(model, policy, tokens)), stats: {} }),
  };
}
