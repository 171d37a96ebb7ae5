// DPO and its family: the reference scores each pair off the tape, the policy on it; losses in loss.ts.
import type { DpoConfig } from "../../../spec/methods/dpo";
import type { Dataset } from "../../data/dataset";
import type { PairTokens } from "../../data/tokenize";
import type { tf } from "../../engine/tensorflow";
import { tokenScores, weighedTokenScores } from "../../inference/policy";
import type { Reference } from "../../inference/reference";
import { type Context, type Method, over } from "../method";
import { halves } from "../shared/answers";
import { doubtsOf, type PairBatch, pairBatches, pairStats, tokenStats } from "../shared/pairs";
import { comparesRows, dpoLoss } from "./loss";

type Batch = PairBatch & { reference: tf.Tensor2D /* [2B, C] */; doubts: tf.Tensor1D /* [B] */ };

export function dpo(
  context: Context,
  reference: Reference,
  config: DpoConfig,
  dataset: Dataset<PairTokens>,
): Method<Batch> {
  const { model, policy } = context;
  return {
    ...pairBatches(
      context,
      config,
      dataset,
      (groups, batch, pairs) => ({
        reference: reference.tokenLogProbs(groups, batch),
        doubts: doubtsOf(pairs),
      }),
      { whole: comparesRows(config.dpo.loss) },
    ),
    loss(batch) {
      const weighed = config.dpo.wpo ? weighedTokenScores(model, policy, batch) : null;
      const scores = weighed ?? tokenScores(model, policy, batch);
      const written = weighed && halves(weighed.weights);
      const weights = written?.chosen.mul<tf.Tensor1D>(written.rejected); // [B]
      const answers = { logProbs: scores.logProbs, mask: batch.mask };
      const { loss, losses, rewards, logProbs } = dpoLoss(
        answers,
        batch.reference,
        config.dpo,
        batch.perToken,
        weights,
        config.dpo.confidenceColumn === null ? null : batch.doubts,
      );
      return {
        loss,
        stats: { ...pairStats(rewards, logProbs), ...tokenStats(scores, batch) },
        heldOut: { loss: over(losses) },
      };
    },
  };
}
