// REINFORCE++: answers as RLOO and GRPO sample them, an advantage for each token, PPO's clipped loss. Advantages in advantages.ts.
import type { ReinforcePlusPlusConfig } from "../../../spec/methods/reinforce-plus-plus";
import { mean, sum } from "../../../spec/statistics";
import { promptRows, withLongestAnswer } from "../../data/prompt-rows";
import { chunks } from "../../data/row-batches";
import type { Tokens } from "../../data/tokenize";
import { maskedMean } from "../../engine/loss-output";
import type { tf } from "../../engine/tensorflow";
import { samplingSource } from "../../environments/sampling-source";
import type { TokenBatch } from "../../inference/batches";
import { tokenScores } from "../../inference/policy";
import { rolloutBatches } from "../../inference/rollout-batches";
import { clipAround, createTraces } from "../../inference/traces";
import { isGiven, ownLength } from "../../rewards/answered";
import { referenceOf, type Training } from "../method";
import { policyLoss } from "../ppo/loss";
import { createRollouts } from "../shared/rollout";
import { createUpdates } from "../shared/updates";
import { normalizedAdvantages, tokenRewards } from "./advantages";

type Batch = TokenBatch & {
  old: tf.Tensor2D; // [B, C]
  advantages: tf.Tensor2D; // [B, C]
  /** Weights of the tokens' losses, by which a step's losses add up to their mean; 0 where nothing is scored. */
  weights: tf.Tensor2D; // [B, C]
};

export const reinforcePlusPlus: Training<ReinforcePlusPlusConfig, Tokens, Batch> = {
  readRows: promptRows,
  sequences: (prompt, { reinforcePlusPlus }) => [withLongestAnswer(prompt, reinforcePlusPlus.maxCompletionLength)],
  create(setup, config, dataset) {
    const { context, checked } = setup;
    const options = config.reinforcePlusPlus;
    const reward = setup.createReward(options.reward, options.normalizeReward);
    const sampling = { ...options, epochs: options.numIterations };
    const source = samplingSource(setup, config, sampling, dataset.train);
    const roles = { reward, reference: referenceOf(setup), tokenizer: setup.tokenizer, critic: null };
    const rollouts = createRollouts(context, roles, source, { ...options, klEstimator: "k1", scorePlacement: "eos" });
    const trace = createTraces(context, setup.tokenizer, options.temperature, clipAround(options.epsilon));
    const updates = createUpdates(config, source, options, collect, checked);

    function collect(update: number) {
      const sampled = rollouts(update);
      const advantages = normalizedAdvantages(chunks(sampled.rows, options.numGenerations), options);
      const rows = sampled.rows.map((row, i) => ({
        ...row,
        rewards: tokenRewards(row.score, row.kl, options.beta),
        advantages: advantages[i]!,
      }));
      const penalty = -options.beta * mean(rows.map(({ kl }) => sum(kl)));
      const stats = {
        ...sampled.stats,
        "objective/non_score_reward": penalty,
        "objective/rlhf_reward": mean(rows.map(({ score }) => score)) + penalty,
      };
      return { rollouts: sampled, rows, stats };
    }

    return {
      ...updates.method,
      traced: (step) => trace(updates.updateOf(step).rows),
      answersPerRollout: options.prompts * options.numGenerations,
      reward,
      batches(step, pad) {
        const rows = updates.rowsOf(step);
        const tokens = sum(rows.map(ownLength));
        return rolloutBatches(rows, pad, context.microBatchTokens, ({ perToken }, scale) => ({
          old: perToken((row) => row.logProbs),
          advantages: perToken((row) => row.advantages),
          weights: perToken((row) => row.response.map((_, t) => (isGiven(row, t) ? 0 : scale / tokens))),
        }));
      },
      loss(batch) {
        const { logProbs, entropy } = tokenScores(context.model, context.policy, batch, options.temperature);
        const { losses, ratio, clipped, squaredLogRatio } = policyLoss(
          logProbs,
          { logProbs: batch.old, advantages: batch.advantages },
          { cliprange: options.epsilon, dualClip: null, logRatioClamp: 20 },
        );
        return {
          loss: losses.mul(batch.weights).sum() as tf.Scalar,
          stats: {
            "loss/policy_avg": maskedMean(losses, batch.mask),
            "policy/clipfrac_avg": maskedMean(clipped, batch.mask),
            "policy/approxkl_avg": maskedMean(squaredLogRatio, batch.mask),
            "policy/entropy_avg": maskedMean(entropy, batch.mask),
            "val/ratio": maskedMean(ratio, batch.mask),
          },
        };
      },
    };
  },
};
