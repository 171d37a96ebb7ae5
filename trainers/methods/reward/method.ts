// Reward model: a linear head on the last token's hidden state, trained with the adapter on pairs; loss in loss.ts.
import type { RewardConfig } from "../../../spec/methods/reward";
import { confidenceBuckets } from "../../../spec/metrics/catalogue";
import { rewardRows } from "../../data/method-rows";
import { type PairTokens, pairGroup } from "../../data/tokenize";
import { type LossOutput, maskedMean } from "../../engine/loss-output";
import { tf } from "../../engine/tensorflow";
import { answerRewards } from "../../inference/policy";
import { createHead } from "../../models/score-head";
import type { Training } from "../method";
import { halves } from "../shared/answers";
import { labelFlipProbabilities, type PairBatch, pairBatches } from "../shared/pairs";
import { rewardLosses } from "./loss";

type Batch = PairBatch & {
  margins: tf.Tensor1D; // [B]
  labelFlips: tf.Tensor1D; // [B]
};

export const reward: Training<RewardConfig, PairTokens, Batch> = {
  readRows: rewardRows,
  sequences: pairGroup,
  tokenFileRow: ({ chosen, rejected, margin }) => ({
    chosen: { input_ids: chosen.input_ids },
    rejected: { input_ids: rejected.input_ids },
    ...(margin !== undefined && { margin }),
  }),
  create({ context }, config, dataset) {
    const head = tf.variable(createHead(config.reward.headInit, context.model.config.hiddenSize, config.seed));
    return {
      ...pairBatches(context, config, dataset, (_, __, pairs) => ({
        margins: tf.tensor1d(pairs.map(({ margin }) => margin ?? 0)),
        labelFlips: labelFlipProbabilities(pairs),
      })),
      head,
      loss(batch) {
        const rewards = answerRewards(context.model, context.policy, head, batch); // [2B]
        const { chosen, rejected } = halves(rewards);
        const labelFlips = config.reward.confidenceColumn === null ? null : batch.labelFlips;
        const losses = rewardLosses({ chosen, rejected }, batch.margins, labelFlips, config.reward); // [B]
        const one = tf.scalar(1);
        return {
          loss: losses.mean(),
          heldOut: { loss: maskedMean(losses), ...calibration(chosen.sub(rejected)) },
          stats: {
            accuracy: maskedMean(chosen.greater(rejected).toFloat()),
            margin: maskedMean(chosen.sub(rejected)),
            mean_reward: maskedMean(rewards),
            min_reward: { sum: rewards.min(), count: one, squares: one },
            max_reward: { sum: rewards.max(), count: one, squares: one },
          },
        };
      },
    };
  },
};

/** How sure the model is of the answer that it prefers, σ(|r_w − r_l|), beside how often that is the chosen one. margin [B] */
function calibration(margin: tf.Tensor): NonNullable<LossOutput["heldOut"]> {
  const confidence = margin.abs().sigmoid();
  const correct = margin.greater(0).toFloat();
  const bucket = confidence.mul(10).floor().minimum(9).sub(5); // 0 for 50 to 60 %, …, 4 for 90 to 100 %
  return Object.fromEntries(
    confidenceBuckets.flatMap((name, i) => {
      const inside = bucket.equal(i).toFloat();
      return [
        [`confidence/${name}`, maskedMean(confidence, inside)],
        [`calibration/${name}`, maskedMean(correct, inside)],
      ];
    }),
  );
}
