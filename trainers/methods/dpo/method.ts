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
import { labelFlipProbabilities, type PairBatch, pairBatches, pairStats, tokenStats } from "../shared/pairs";
import { comparesRows, dpoLoss } from "./loss";

export type DpoBatch = PairBatch & {
  reference: tf.Tensor2D; // [2B, C]
  labelFlips: tf.Tensor1D; // [B]
};

export const dpo: Training<DpoConfig, PairTokens, DpoBatch> = {
  readRows: pairRows,
  sequences: pairGroup,
  create(setup, config, dataset) {
    const scored = scoredReference(setup, config.dpo);
    return { ...createDpo(setup.context, scored.referenceScores, config, dataset), ...scored };
  },
};

export function createDpo(
  context: Context,
  referenceScores: Reference,
  config: DpoConfig,
  dataset: TrainingData<PairTokens>,
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
        loss,
        stats: { ...pairStats(rewards, logProbs), ...tokenStats(scores, batch) },
        heldOut: { loss: maskedMean(losses) },
      };
    },
  };
}
