// DPO: the reference scores each pair off the tape, the policy on it; loss in losses/dpo.ts. Chosen rows first, rejected after.
import { countTokens, type TokenBatch, tokenBatch } from "../batches";
import type { DpoConfig } from "../config";
import { type Dataset, rowBatches } from "../data/dataset";
import type { PairTokens } from "../data/tokenize";
import { tf } from "../engine/tensorflow";
import { dpoLoss, type PairLogProbs } from "../losses/dpo";
import type { Context, Method } from "../method";
import type { Adapter } from "../models/lora";
import { sequenceLogProbs } from "../policy";

type Batch = TokenBatch & { reference: tf.Tensor1D /* [2B] */ };

const halves = (both: tf.Tensor1D): PairLogProbs => {
  const [chosen, rejected] = tf.split(both, 2) as [tf.Tensor1D, tf.Tensor1D];
  return { chosen, rejected };
};

/** `reference` is an adapter, or null for the base with adapters off. */
export function dpo(
  { model, policy, pad }: Context,
  reference: Adapter | null,
  config: DpoConfig,
  dataset: Dataset<PairTokens>,
): Method<Batch> {
  function batch(rows: PairTokens[]) {
    const both = [...rows.map((row) => row.chosen), ...rows.map((row) => row.rejected)];
    const tokens = tokenBatch(both, pad);
    const scores = tf.tidy(() => sequenceLogProbs(model, reference, tokens)); // [2B]
    return { batch: { ...tokens, reference: scores }, info: { weight: rows.length, tokens: countTokens(both) } };
  }

  return {
    ...rowBatches(dataset, config, batch),
    loss({ reference, ...tokens }) {
      const logProbs = halves(sequenceLogProbs(model, policy, tokens));
      const { losses, chosenRewards, rejectedRewards } = dpoLoss(logProbs, halves(reference), config.dpo);
      return {
        loss: losses.mean(),
        stats: {
          "rewards/chosen": chosenRewards,
          "rewards/rejected": rejectedRewards,
          "rewards/margins": chosenRewards.sub(rejectedRewards),
          "rewards/accuracies": chosenRewards.greater(rejectedRewards).toFloat(),
          "logps/chosen": logProbs.chosen,
          "logps/rejected": logProbs.rejected,
        },
      };
    },
  };
}
