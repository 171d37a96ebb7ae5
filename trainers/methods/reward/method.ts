// Reward model: a linear head on the last token's hidden state, trained with the adapter on pairs; loss in loss.ts.
import type { RewardConfig } from "../../../spec/methods/reward";
import { confidenceBuckets } from "../../../spec/metrics/catalogue";
import type { Dataset } from "../../data/dataset";
import type { PairTokens } from "../../data/tokenize";
import type { LossOutput } from "../../engine/loss-output";
import { tf } from "../../engine/tensorflow";
import { answerRewards } from "../../inference/policy";
import { type Context, type Method, over } from "../method";
import { halves } from "../shared/answers";
import { doubtsOf, type PairBatch, pairBatches } from "../shared/pairs";
import { rewardLosses } from "./loss";

type Batch = PairBatch & { margins: tf.Tensor1D /* [B] */; doubts: tf.Tensor1D /* [B] */ };

/** `head` is score.weight, [1, d]. */
export function reward(
  context: Context,
  head: tf.Tensor2D,
  config: RewardConfig,
  dataset: Dataset<PairTokens>,
): Method<Batch> {
  return {
    ...pairBatches(context, config, dataset, (_, __, pairs) => ({
      margins: tf.tensor1d(pairs.map(({ margin }) => margin ?? 0)),
      doubts: doubtsOf(pairs),
    })),
    loss(batch) {
      const rewards = answerRewards(context.model, context.policy, head, batch); // [2B]
      const { chosen, rejected } = halves(rewards);
      const doubts = config.reward.confidenceColumn === null ? null : batch.doubts;
      const losses = rewardLosses({ chosen, rejected }, batch.margins, doubts, config.reward); // [B]
      const one = tf.scalar(1);
      return {
        loss: losses.mean(),
        heldOut: { loss: over(losses), ...calibration(chosen.sub(rejected)) },
        stats: {
          accuracy: over(chosen.greater(rejected).toFloat()),
          margin: over(chosen.sub(rejected)),
          mean_reward: over(rewards),
          min_reward: { sum: rewards.min(), count: one, squares: one },
          max_reward: { sum: rewards.max(), count: one, squares: one },
        },
      };
    },
  };
}

/** How sure the model is of the answer that it prefers, σ(|r_w − r_l|), beside how often that is the chosen one. margin [B] */
function calibration(margin: tf.Tensor): NonNullable<LossOutput["heldOut"]> {
  const confidence = margin.abs().sigmoid();
  const correct = margin.greater(0).toFloat();
  const bucket = confidence.mul(10).floor().minimum(9).sub(5); // 0 for 50 to 60 %, …, 4 for 90 to 100 %
  return Object.fromEntries(
    confidenceBuckets.flatMap((name, i) => {
      const inside = bucket.equal(i).toFloat();
      return [
        [`confidence/${name}`, over(confidence, inside)],
        [`calibration/${name}`, over(correct, inside)],
      ];
    }),
  );
}
