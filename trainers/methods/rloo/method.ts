// RLOO: several answers per prompt, each one action whose baseline is the mean reward of the others. No critic. Loss in loss.ts.
import type { RlooConfig } from "../../../spec/methods/rloo";
import { sum } from "../../../spec/statistics";
import { promptRows, withLongestAnswer } from "../../data/prompt-rows";
import { chunks } from "../../data/row-batches";
import type { Tokens } from "../../data/tokenize";
import { maskedMean } from "../../engine/loss-output";
import type { tf } from "../../engine/tensorflow";
import type { TokenBatch } from "../../inference/batches";
import { tokenScores } from "../../inference/policy";
import { rolloutBatches } from "../../inference/rollout-batches";
import { sumOfScored } from "../../inference/scored-tokens";
import { createTraces } from "../../inference/traces";
import type { Training } from "../method";
import { createGroups, groupStats } from "../shared/groups";
import { createUpdates } from "../shared/updates";
import { leaveOneOut, rlooLoss, whitenGiven } from "./loss";

type Batch = TokenBatch & {
  old: tf.Tensor2D; // [B, C]
  /** One an answer, and the weight of its loss, by which a step's losses add up to their mean. */
  advantages: tf.Tensor1D; // [B]
  weights: tf.Tensor1D; // [B]
};

export const rloo: Training<RlooConfig, Tokens, Batch> = {
  readRows: promptRows,
  sequences: (prompt, { rloo }) => [withLongestAnswer(prompt, rloo.maxCompletionLength)],
  create(setup, config, dataset) {
    const { context, checked } = setup;
    const { model, policy } = context;
    const { rloo } = config;
    const { source, rollouts, reward } = createGroups(setup, config, dataset.train);
    const trace = createTraces(context, setup.tokenizer, rloo.temperature, null); // an answer is one action: its ratio is clipped as a whole
    const updates = createUpdates(
      config,
      source,
      { ...rloo, actionLength: rloo.maxCompletionLength },
      collect,
      checked,
    );

    function collect(update: number) {
      const sampled = rollouts(update);
      const rewards = sampled.rows.map(({ score, abstained, kl }) => (abstained ? null : score - rloo.beta * sum(kl))); // equation 2
      const groups = leaveOneOut(chunks(rewards, rloo.numGenerations));
      const advantages = (rloo.normalizeAdvantages ? whitenGiven(groups) : groups).flat();
      const rows = sampled.rows.map((row, i) => ({ ...row, advantage: advantages[i] ?? 0 }));
      return { rollouts: sampled, rows, stats: { ...sampled.stats, ...groupStats(sampled, rloo) } };
    }

    return {
      ...updates.method,
      traced: (step) => trace(updates.updateOf(step).rows),
      answersPerRollout: rloo.prompts * rloo.numGenerations,
      reward,
      batches(step, pad) {
        const rows = updates.rowsOf(step);
        return rolloutBatches(rows, pad, context.microBatchTokens, ({ perToken, perSequence }, scale) => ({
          old: perToken((row) => row.logProbs),
          advantages: perSequence((row) => row.advantage),
          weights: perSequence(() => scale / rows.length),
        }));
      },
      loss(batch) {
        const { logProbs, entropy } = tokenScores(model, policy, batch, rloo.temperature);
        const { losses, ratio, clipped, squaredLogRatio } = rlooLoss(
          sumOfScored(logProbs, batch),
          { logProbs: sumOfScored(batch.old, batch), advantages: batch.advantages },
          rloo,
        );
        return {
          loss: losses.mul(batch.weights).sum() as tf.Scalar,
          stats: {
            "loss/policy_avg": maskedMean(losses),
            "policy/clipfrac_avg": maskedMean(clipped),
            "policy/approxkl_avg": maskedMean(squaredLogRatio),
            "policy/entropy_avg": maskedMean(entropy, batch.mask),
            "val/ratio": maskedMean(ratio),
          },
        };
      },
    };
  },
};
