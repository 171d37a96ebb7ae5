// SimPO and AlphaPO: pairs without a reference; loss in loss.ts.
import type { SimpoConfig } from "../../../spec/methods/simpo";
import { pairRows } from "../../data/method-rows";
import { type PairTokens, pairGroup } from "../../data/tokenize";
import { maskedMean } from "../../engine/loss-output";
import { tokenLogProbs } from "../../inference/policy";
import type { Training } from "../method";
import { halves, meanLogProbs } from "../shared/answers";
import { type PairBatch, pairBatches, pairStats } from "../shared/pairs";
import { simpoLoss } from "./loss";

export const simpo: Training<SimpoConfig, PairTokens, PairBatch> = {
  readRows: (config, tokenizer) => pairRows(config, tokenizer, true),
  sequences: pairGroup,
  create: ({ context }, config, dataset) => ({
    ...pairBatches(context, config, dataset, () => ({})),
    loss(batch) {
      const answers = { logProbs: tokenLogProbs(context.model, context.policy, batch), mask: batch.mask };
      const { losses, rewards, nll } = simpoLoss(answers, config.simpo, batch.perToken);
      return {
        loss: losses.mean(),
        stats: { ...pairStats(rewards, halves(meanLogProbs(answers))), nll_loss: maskedMean(nll) },
        heldOut: { loss: maskedMean(losses) },
      };
    },
  }),
};
