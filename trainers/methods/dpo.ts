// DPO: the reference scores each pair off the tape, the policy on it; loss in losses/dpo.ts.
import { countTokens, type TokenBatch, tokenBatch } from "../batches";
import type { DpoConfig } from "../config";
import { type Dataset, rowBatches } from "../data/dataset";
import { type PairTokens, pairGroup } from "../data/tokenize";
import { tf } from "../engine/tensorflow";
import { dpoLoss, type PairLogProbs } from "../losses/dpo";
import type { Context, Method } from "../method";
import { sequenceLogProbs, sumOfScored } from "../policy";
import type { Reference } from "../reference";

type Batch = TokenBatch & { reference: tf.Tensor2D /* [2B, C] */ };

const halves = (both: tf.Tensor1D): PairLogProbs => {
  const [chosen, rejected] = tf.split(both, 2) as [tf.Tensor1D, tf.Tensor1D];
  return { chosen, rejected };
};

export function dpo(
  { model, policy, pad, microBatchTokens }: Context,
  reference: Reference,
  config: DpoConfig,
  dataset: Dataset<PairTokens>,
): Method<Batch> {
  return {
    ...rowBatches(dataset, config, microBatchTokens, {
      group: pairGroup,
      micro: (rows) => ({
        weight: rows.length,
        tokens: countTokens(rows.flatMap(pairGroup)),
        build() {
          const groups = rows.map(pairGroup);
          const batch = tokenBatch(groups, pad);
          return { ...batch, reference: reference.tokenLogProbs(groups, batch) };
        },
      }),
    }),
    loss(batch) {
      const logProbs = halves(sequenceLogProbs(model, policy, batch));
      const scores = halves(sumOfScored(batch.reference, batch));
      const { losses, chosenRewards, rejectedRewards } = dpoLoss(logProbs, scores, config.dpo);
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
