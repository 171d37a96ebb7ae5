// KTO: single answers labelled desirable or undesirable; loss in loss.ts.

import type { KtoConfig } from "../../../spec/methods/kto";
import { unpairedRows } from "../../data/method-rows";
import { rowBatches } from "../../data/row-batches";
import { singleGroup, type Tokens, type UnpairedTokens, unpairedGroup } from "../../data/tokenize";
import { compile, free } from "../../engine/jit/compile";
import { maskedMean } from "../../engine/loss-output";
import { tf } from "../../engine/tensorflow";
import { countTokens, microBatches, type TokenBatch, tokenBatch } from "../../inference/batches";
import { sequenceLogProbs, tokenScores } from "../../inference/policy";
import { sumOfScored } from "../../inference/scored-tokens";
import type { Training } from "../method";
import { scoredReference } from "../shared/moving-reference";
import { ktoLosses, referencePoint } from "./loss";
import { runningMean } from "./running-mean";

type Batch = TokenBatch & {
  reference: tf.Tensor2D; // [B, C]
  desirable: tf.Tensor1D; // [B]
  kl: tf.Scalar;
};

export const kto: Training<KtoConfig, UnpairedTokens, Batch> = {
  readRows: unpairedRows,
  sequences: unpairedGroup,
  tokenFileRow: ({ answer, label, partner }) => ({
    ...answer,
    label,
    KL_input_ids: partner.input_ids,
    KL_completion_mask: partner.completion_mask,
  }),
  create(setup, config, dataset) {
    const { model, policy, microBatchTokens } = setup.context;
    const scored = scoredReference(setup, config.kto);
    const { referenceScores } = scored;
    const logRatios = compile(({ batch, scores }: { batch: TokenBatch; scores: tf.Tensor2D }) =>
      sequenceLogProbs(model, policy, batch).sub(sumOfScored(scores, batch)),
    );
    /** log π/π_ref of each answer under the policy as it is. */
    const ratiosOf = (rows: Tokens[], pad: number): number[] =>
      microBatches(rows, singleGroup, microBatchTokens).flatMap((part) => {
        const groups = part.map(singleGroup);
        const batch = tokenBatch(groups, pad);
        const scores = referenceScores.tokenLogProbs(groups, batch);
        const ratios = logRatios({ batch, scores });
        const values = [...ratios.dataSync()];
        free([batch, scores, ratios]);
        return values;
      });

    const { lossType } = config.kto;
    const shift = runningMean();
    /** Batches whose reference point, for BCO, is `shiftOf` their answers. */
    const batchesOf = (shiftOf: (rows: UnpairedTokens[], pad: number) => number) =>
      rowBatches(
        dataset,
        config,
        (rows, pad) => {
          const partners = rows.map(({ partner }) => partner);
          const points = {
            kto: () => referencePoint(ratiosOf(partners, pad)),
            bco: () => shiftOf(rows, pad),
            apo_zero_unpaired: () => 0,
          };
          const z = points[lossType]();
          return microBatches(rows, unpairedGroup, microBatchTokens).map((part) => ({
            weight: part.length,
            tokens: countTokens(part.map(({ answer }) => answer)),
            build() {
              const groups = part.map(unpairedGroup);
              const batch = tokenBatch(groups, pad);
              return {
                ...batch,
                reference: referenceScores.tokenLogProbs(groups, batch),
                desirable: tf.tensor1d(part.map(({ label }) => (label ? 1 : 0))),
                kl: tf.scalar(z),
              };
            },
          }));
        },
        true,
      );
    const trained = batchesOf((rows, pad) => {
      const answers = rows.map(({ answer }) => answer);
      return shift.add(ratiosOf(answers, pad));
    });

    return {
      batches(step, pad) {
        shift.begin(step);
        return trained.batches(step, pad);
      },
      heldOut: batchesOf(() => shift.state.mean).heldOut,
      ...(lossType === "bco" && { controller: shift.state }),
      ...scored,
      loss(batch) {
        const { mask, desirable, kl } = batch;
        const scores = tokenScores(model, policy, batch);
        const logProbs = sumOfScored(scores.logProbs, batch); // [B]
        const delta = logProbs.sub<tf.Tensor1D>(sumOfScored(batch.reference, batch)); // [B]
        const losses = ktoLosses({ delta, desirable, kl }, config.kto);
        const rewards = delta.mul(config.kto.beta);
        const undesirable = tf.scalar(1).sub(desirable);
        const tokensOf = (rows: tf.Tensor) => mask.mul(rows.expandDims(1)); // [B, C]
        return {
          loss: losses.mean(),
          heldOut: { loss: maskedMean(losses) },
          stats: {
            kl: maskedMean(kl),
            "rewards/chosen": maskedMean(rewards, desirable),
            "rewards/rejected": maskedMean(rewards, undesirable),
            "logps/chosen": maskedMean(logProbs, desirable),
            "logps/rejected": maskedMean(logProbs, undesirable),
            "logits/chosen": maskedMean(scores.meanLogit, tokensOf(desirable)),
            "logits/rejected": maskedMean(scores.meanLogit, tokensOf(undesirable)),
            entropy: maskedMean(scores.entropy, mask),
          },
        };
      },
    };
  },
};
