// SimPO and AlphaPO: pairs without a reference; loss in losses/simpo.ts.
import type { SimpoConfig } from "../config";
import type { Dataset } from "../data/dataset";
import type { PairTokens } from "../data/tokenize";
import { halves, meanLogProbs } from "../losses/answers";
import { simpoLoss } from "../losses/simpo";
import { type Context, type Method, over } from "../method";
import { tokenLogProbs } from "../policy";
import { type PairBatch, pairBatches, pairStats } from "./pairs";

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
