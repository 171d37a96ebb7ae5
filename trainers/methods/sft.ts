// Supervised fine-tuning, and pre-training when every weight is trained: loss in losses/sft.ts.
import { countTokens, type TokenBatch, tokenBatch } from "../batches";
import type { SftConfig } from "../config";
import { type Dataset, rowBatches } from "../data/dataset";
import type { Tokens } from "../data/tokenize";
import { sftLoss } from "../losses/sft";
import type { Context, Method } from "../method";
import { tokenLogProbs } from "../policy";

export function sft({ model, policy, pad }: Context, config: SftConfig, dataset: Dataset<Tokens>): Method<TokenBatch> {
  function batch(rows: Tokens[]) {
    const tokens = tokenBatch(rows, pad);
    return { batch: tokens, info: { weight: tokens.labels.shape[0], tokens: countTokens(rows) } };
  }

  return {
    ...rowBatches(dataset, config, batch),
    loss: (tokens) => ({ loss: sftLoss(tokenLogProbs(model, policy, tokens)), stats: {} }),
  };
}
