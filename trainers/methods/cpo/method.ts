// CPO: pairs without a reference, with the chosen answers' likelihood; loss in loss.ts.
import type { CpoConfig } from "../../../spec/methods/cpo";
import type { Dataset } from "../../data/dataset";
import type { PairTokens } from "../../data/tokenize";
import { tokenLogProbs } from "../../inference/policy";
import { type Context, type Method, over } from "../method";
import { type PairBatch, pairBatches, pairStats } from "../shared/pairs";
import { cpoLoss } from "./loss";

export function cpo(context: Context, config: CpoConfig, dataset: Dataset<PairTokens>): Method<PairBatch> {
  return {
    ...pairBatches(context, config, dataset, () => ({})),
    loss(batch) {
      const answers = { logProbs: tokenLogProbs(context.model, context.policy, batch), mask: batch.mask };
      const { losses, rewards, logProbs, nll } = cpoLoss(answers, config.cpo, batch.perToken);
      return {
        loss: losses.mean(),
        stats: { ...pairStats(rewards, logProbs), nll_loss: over(nll) },
        heldOut: { loss: over(losses) },
      };
    },
  };
}
