// KTO: answers that are good or bad by themselves; loss in loss.ts.

import type { KtoConfig } from "../../../spec/methods/kto";
import type { Dataset } from "../../data/dataset";
import { rowBatches } from "../../data/row-batches";
import { singleGroup, type Tokens, type UnpairedTokens, unpairedGroup } from "../../data/tokenize";
import { compile, free } from "../../engine/jit/compile";
import { tf } from "../../engine/tensorflow";
import { countTokens, microBatches, type TokenBatch, tokenBatch } from "../../inference/batches";
import { sequenceLogProbs, tokenScores } from "../../inference/policy";
import type { Reference } from "../../inference/reference";
import { sumOfScored } from "../../inference/scored-tokens";
import { type Context, type Method, over } from "../method";
import { klEstimate, ktoLosses } from "./loss";

type Batch = TokenBatch & {
  reference: tf.Tensor2D; // [B, C]
  desirable: tf.Tensor1D; // [B]
  kl: tf.Scalar;
};

export function kto(
  { model, policy, pad, microBatchTokens }: Context,
  reference: Reference,
  config: KtoConfig,
  dataset: Dataset<UnpairedTokens>,
): Method<Batch> {
  const logRatios = compile(({ batch, scores }: { batch: TokenBatch; scores: tf.Tensor2D }) =>
    sequenceLogProbs(model, policy, batch).sub(sumOfScored(scores, batch)),
  );
  /** log π/π_ref of answers beside the prompts they were not given to. */
  const mismatched = (rows: Tokens[]): number[] =>
    microBatches(rows, singleGroup, microBatchTokens).flatMap((part) => {
      const groups = part.map(singleGroup);
      const batch = tokenBatch(groups, pad);
      const scores = reference.tokenLogProbs(groups, batch);
      const ratios = logRatios({ batch, scores });
      const values = [...ratios.dataSync()];
      free([batch, scores, ratios]);
      return values;
    });

  return {
    ...rowBatches(
      dataset,
      config,
      (rows) => {
        const z = config.kto.loss === "kto" ? klEstimate(mismatched(rows.map(({ partner }) => partner))) : 0;
        return microBatches(rows, unpairedGroup, microBatchTokens).map((part) => ({
          weight: part.length,
          tokens: countTokens(part.map(({ answer }) => answer)),
          build() {
            const groups = part.map(unpairedGroup);
            const batch = tokenBatch(groups, pad);
            return {
              ...batch,
              reference: reference.tokenLogProbs(groups, batch),
              desirable: tf.tensor1d(part.map(({ label }) => (label ? 1 : 0))),
              kl: tf.scalar(z),
            };
          },
        }));
      },
      true,
    ),
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
        heldOut: { loss: over(losses) },
        stats: {
          kl: over(kl),
          "rewards/chosen": over(rewards, desirable),
          "rewards/rejected": over(rewards, undesirable),
          "logps/chosen": over(logProbs, desirable),
          "logps/rejected": over(logProbs, undesirable),
          "logits/chosen": over(scores.meanLogit, tokensOf(desirable)),
          "logits/rejected": over(scores.meanLogit, tokensOf(undesirable)),
          entropy: over(scores.entropy, mask),
        },
      };
    },
  };
}
