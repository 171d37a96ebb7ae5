// Supervised fine-tuning: likelihood of the answer's tokens; loss in losses/sft.ts.
import { countTokens, type TokenBatch, tokenBatch } from "../batches";
import type { SftConfig } from "../config";
import { type Dataset, rowBatches } from "../data/dataset";
import { singleGroup, type Tokens } from "../data/tokenize";
import { sftLoss } from "../losses/sft";
import type { Context, Method } from "../method";
import { tokenLogProbs } from "../policy";

export function sft(
  { model, policy, pad, microBatchTokens }: Context,
  config: SftConfig,
  dataset: Dataset<Tokens>,
): Method<TokenBatch> {
  return {
    ...rowBatches(dataset, config, microBatchTokens, {
      group: singleGroup,
      micro: (rows) => ({
        weight: rows.reduce((sum, row) => sum + row.completion_mask.reduce((a, b) => a + b, 0), 0),
        tokens: countTokens(rows),
        build: () => tokenBatch(rows.map(singleGroup), pad),
      }),
    }),
    loss: (batch) => ({ loss: sftLoss(tokenLogProbs(model, policy, batch), batch.mask), stats: {} }),
  };
}
