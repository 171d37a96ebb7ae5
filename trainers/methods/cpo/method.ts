// CPO: pairs without a reference, with the chosen answers' likelihood; loss in loss.ts.
import type { CpoConfig } from "../../../spec/methods/cpo";
import { pairRows } from "../../data/method-rows";
import { type PairTokens, pairGroup } from "../../data/tokenize";
import { maskedMean } from "../../engine/loss-output";
import { tokenLogProbs } from "../../inference/policy";
import type { Training } from "../method";
import { type PairBatch, pairBatches, pairStats } from "../shared/pairs";
import { cpoLoss } from "./loss";

export const cpo: Training<CpoConfig, PairTokens, PairBatch> = {
  readRows: (config, tokenizer) => pairRows(config, tokenizer, true),
  sequences: pairGroup,
  create: ({ context }, config, dataset) => ({
    ...pairBatches(context, config, dataset, () => ({})),
    loss(batch) {
      const answers = { logProbs: tokenLogProbs(context.model, context.policy, batch), mask: batch.mask };
      const { losses, rewards, logProbs, nll } = cpoLoss(answers, config.cpo, batch.perToken);
      return {
        loss: losses.mean(),
        stats: { ...pairStats(rewards, logProbs), nll_loss: maskedMean(nll) },
        heldOut: { loss: maskedMean(losses) },
      };
    },
  }),
};
