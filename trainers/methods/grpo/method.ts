// GRPO and its variants: several answers per prompt; every token of an answer gets the answer's advantage over its group, or that of the steps that
// end at it or after it. Losses and advantages in loss.ts.
import type { GrpoConfig } from "../../../spec/methods/grpo";
import { promptRows, withLongestAnswer } from "../../data/prompt-rows";
import { chunks } from "../../data/row-batches";
import type { Tokens } from "../../data/tokenize";
import { maskedMean } from "../../engine/loss-output";
import type { tf } from "../../engine/tensorflow";
import type { TokenBatch } from "../../inference/batches";
import { tokenScores } from "../../inference/policy";
import { rolloutBatches } from "../../inference/rollout-batches";
import { createTraces } from "../../inference/traces";
import { isGiven, ownLength } from "../../rewards/answered";
import { tokenRewards } from "../../rewards/step-rewards";
import type { Training } from "../method";
import { createGroups, groupStats } from "../shared/groups";
import type { Rollout } from "../shared/rollout";
import { createUpdates } from "../shared/updates";
import { clipOf, grpoLoss, tokenAdvantages, tokenWeight } from "./loss";

type Batch = TokenBatch & {
  old: tf.Tensor2D; // [B, C]
  reference: tf.Tensor2D; // [B, C]
  advantages: tf.Tensor2D; // [B, C]
  /** Weights of the tokens' losses, by which a step's losses add up to what the loss type averages; 0 where nothing is scored. */
  weights: tf.Tensor2D; // [B, C]
};

type Row = Rollout & { advantages: number[]; rewards: number[] };

export const grpo: Training<GrpoConfig, Tokens, Batch> = {
  readRows: promptRows,
  sequences: (prompt, { grpo }) => [withLongestAnswer(prompt, grpo.maxCompletionLength)],
  create(setup, config, dataset) {
    const { context, checked } = setup;
    const { model, policy } = context;
    const { grpo } = config;
    const { source, rollouts, reward } = createGroups(setup, config, dataset.train);
    const trace = createTraces(context, setup.tokenizer, grpo.temperature, clipOf(grpo));
    const updates = createUpdates(config, source, grpo, collect, checked);
    const learnsFrom = ({ ended }: Row) => ended || !grpo.maskTruncatedCompletions;
    const tokensOf = (rows: Row[]) => rows.filter(learnsFrom).reduce((sum, row) => sum + ownLength(row), 0);

    function collect(update: number) {
      const sampled = rollouts(update);
      const {
        scaleRewards,
        reward: { modelWeight },
      } = grpo;
      // a weight in the rewards would go with their deviation
      const stepWeight = scaleRewards === "none" ? 1 : Math.abs(modelWeight);
      const advantages = tokenAdvantages(chunks(sampled.rows, grpo.numGenerations), scaleRewards, stepWeight).flat();
      const rows = sampled.rows.map((row, i) => ({
        ...row,
        advantages: advantages[i]!,
        rewards: tokenRewards(row.outcome, row.steps, row.response.length),
      }));
      return { rollouts: sampled, rows, stats: { ...sampled.stats, ...groupStats(sampled, grpo) } };
    }

    return {
      ...updates.method,
      traced: (step) => trace(updates.updateOf(step).rows),
      answersPerRollout: grpo.prompts * grpo.numGenerations,
      reward,
      batches(step, pad) {
        const rows: Row[] = updates.rowsOf(step);
        const sizes = {
          rows: rows.length,
          tokens: Math.max(1, tokensOf(rows)),
          tokensOfRollout: Math.max(1, tokensOf(updates.updateOf(step).rows) / grpo.numMiniBatches),
          maxCompletionLength: grpo.maxCompletionLength,
        };
        const weightOf = (row: Row) => (learnsFrom(row) ? tokenWeight(grpo.lossType, ownLength(row), sizes) : 0);
        return rolloutBatches(rows, pad, context.microBatchTokens, ({ perToken }, scale) => ({
          old: perToken((row) => row.logProbs),
          reference: perToken((row) => row.reference),
          advantages: perToken((row) => row.advantages),
          weights: perToken((row) => row.response.map((_, t) => (isGiven(row, t) ? 0 : scale * weightOf(row)))),
        }));
      },
      loss(batch) {
        const { logProbs, entropy } = tokenScores(model, policy, batch, grpo.temperature);
        const { losses, ratio, clipped, squaredLogRatio } = grpoLoss(logProbs, { ...batch, logProbs: batch.old }, grpo);
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
