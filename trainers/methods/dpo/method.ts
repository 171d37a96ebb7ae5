// DPO and its family: the reference scores each pair off the tape, the policy on it; losses in loss.ts.
import type { DpoConfig } from "../../../spec/methods/dpo";
import type { TrainingData } from "../../data/dataset";
import { pairRows } from "../../data/method-rows";
import { type PairTokens, pairGroup } from "../../data/tokenize";
import { maskedMean } from "../../engine/loss-output";
import type { tf } from "../../engine/tensorflow";
import { tokenScores, weighedTokenScores } from "../../inference/policy";
import type { Reference } from "../../inference/reference";
import type { Context, Method, Training } from "../method";
import { halves } from "../shared/answers";
import { scoredReference } from "../shared/moving-reference";
import {
  exploredRows,
  labelFlipProbabilities,
  type PairBatch,
  pairBatches,
  pairStats,
  tokenStats,
} from "../shared/pairs";
import { comparesRows, dpoLoss, exploration } from "./loss";

export type DpoBatch = PairBatch & {
  reference: tf.Tensor2D; // [2B, C]
  labelFlips: tf.Tensor1D; // [B]
  /** Of XPO: 1 for the answer of each pair that the reference sampled. */
  explored?: tf.Tensor1D; // [2B]
};

export const dpo: Training<DpoConfig, PairTokens, DpoBatch> = {
  readRows: pairRows,
  sequences: pairGroup,
  create(setup, config, dataset) {
    const scored = scoredReference(setup, config.dpo);
    return { ...createDpo(setup.context, scored.referenceScores, config, dataset), ...scored };
  },
};

/** With `alpha` above 0 it is XPO's, on pairs that say which answer the reference sampled. */
export function createDpo(
  context: Context,
  referenceScores: Reference,
  config: DpoConfig,
  dataset: TrainingData<PairTokens>,
  alpha = 0,
): Method<DpoBatch> {
  const { model, policy } = context;
  return {
    ...pairBatches(
      context,
      config,
      dataset,
      (groups, batch, pairs) => ({
        reference: referenceScores.tokenLogProbs(groups, batch),
        labelFlips: labelFlipProbabilities(pairs),
        ...(alpha > 0 && { explored: exploredRows(pairs) }),
      }),
      { wholeBatches: comparesRows(config.dpo.lossType) },
    ),
    referenceScores,
    loss(batch) {
      const weighed = config.dpo.useWeighting ? weighedTokenScores(model, policy, batch) : null;
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
        config.dpo.confidenceColumn === null ? null : batch.labelFlips,
      );
      return {
        loss: batch.explored ? loss.add<tf.Scalar>(exploration(answers, batch.explored, alpha)) : loss,
        stats: { ...pairStats(rewards, logProbs), ...tokenStats(scores, batch) },
        heldOut: { loss: maskedMean(losses) },
      };
    },
  };
}
