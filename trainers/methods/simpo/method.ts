// SimPO and AlphaPO: pairs without a reference; loss in loss.ts.
import type { SimpoConfig } from "../../../spec/methods/simpo";
import type { Dataset } from "../../data/dataset";
import type { PairTokens } from "../../data/tokenize";
import { tokenLogProbs } from "../../inference/policy";
import { type Context, type Method, over } from "../method";
import { halves, meanLogProbs } from "../shared/answers";
import { type PairBatch, pairBatches, pairStats } from "../shared/pairs";
import { simpoLoss } from "./loss";

export function simpo(context: Context, config: SimpoConfig, dataset: Dataset<PairTokens>): Method<PairBatch> {
  return {
    ...pairBatches(context, config, dataset, () => ({})),
    loss(batch) {
      const answers = { logProbs: tokenLogProbs(context.model, context.policy, batch), mask: batch.mask };
      const { losses, rewards, nll } = simpoLoss(answers, config.simpo, batch.perToken);
      return {
        loss: losses.mean(),
        stats: { ...pairStats(rewards, halves(meanLogProbs(answers))), nll_loss: over(nll) },
        heldOut: { loss: over(losses) },
      };
    },
  };
}
