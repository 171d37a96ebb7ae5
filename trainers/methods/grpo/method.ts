// GRPO and its kin: several answers to each prompt, each token learnt from by how its answer compares with the group. Losses in loss.ts.
import type { Check } from "../../../spec/checks";
import type { GrpoConfig } from "../../../spec/methods/grpo";
import type { Dataset } from "../../data/dataset";
import { chunks } from "../../data/row-batches";
import type { tf } from "../../engine/tensorflow";
import type { TokenBatch } from "../../inference/batches";
import { tokenScores } from "../../inference/policy";
import { type Context, type Method, over } from "../method";
import { groupRollouts, groupStats } from "../shared/groups";
import { createRollouts, type Roles, type Rollout } from "../shared/rollout";
import { rolloutBatches } from "../shared/rollout-batches";
import { createUpdates } from "../shared/updates";
import { groupAdvantages, grpoLoss, tokenWeight } from "./loss";

type Batch = TokenBatch & {
  old: tf.Tensor2D; // [B, C]
  reference: tf.Tensor2D; // [B, C]
  advantages: tf.Tensor2D; // [B, 1]
  /** Weights of the tokens' losses, by which a step's losses add up to what the loss type averages; 0 where nothing is scored. */
  weights: tf.Tensor2D; // [B, C]
};

type Row = Rollout & { advantage: number };

export function grpo(
  context: Context,
  roles: Roles,
  config: GrpoConfig,
  dataset: Dataset<unknown>,
  checked: (check: Check) => void,
): Method<Batch> {
  const { model, policy } = context;
  const { grpo } = config;
  const sample = createRollouts(context, roles, groupRollouts(config, grpo));
  const updates = createUpdates(config, grpo, collect, checked);
  const learnsFrom = ({ ended }: Row) => ended || !grpo.leaveOutCut;
  const tokensOf = (rows: Row[]) => rows.filter(learnsFrom).reduce((sum, row) => sum + row.response.length, 0);

  function collect(update: number) {
    const rollouts = sample(update, dataset.train);
    const scores = rollouts.rows.map(({ score }) => score);
    const advantages = groupAdvantages(chunks(scores, grpo.samples), grpo.scale).flat();
    const rows = rollouts.rows.map((row, i) => ({ ...row, advantage: advantages[i]! }));
    return { rollouts, rows, stats: { ...rollouts.stats, ...groupStats(rollouts, grpo) } };
  }

  return {
    cycle: updates.perUpdate,
    samples: grpo.prompts * grpo.samples,
    steps: updates.perUpdate * Math.ceil((config.epochs * dataset.train.length) / grpo.prompts),
    batches(step) {
      const rows: Row[] = updates.rowsOf(step);
      const sizes = {
        rows: rows.length,
        tokens: Math.max(1, tokensOf(rows)),
        tokensOfRollout: Math.max(1, tokensOf(updates.of(step).rows) / grpo.miniBatches),
        responseLength: grpo.responseLength,
      };
      const weightOf = (row: Row) => (learnsFrom(row) ? tokenWeight(grpo.loss, row.response.length, sizes) : 0);
      return rolloutBatches(rows, context, ({ wide, one }, scale) => ({
        old: wide((row) => row.logProbs),
        reference: wide((row) => row.reference),
        advantages: one((row) => row.advantage).expandDims<tf.Tensor2D>(1),
        weights: wide((row) => row.response.map(() => scale * weightOf(row))),
      }));
    },
    heldOut: () => [],
    spread: updates.spread,
    loss(batch) {
      const { logProbs, entropy } = tokenScores(model, policy, batch, grpo.temperature);
      const { losses, ratio, clipped, squaredLogRatio } = grpoLoss(logProbs, { ...batch, logProbs: batch.old }, grpo);
      return {
        loss: losses.mul(batch.weights).sum() as tf.Scalar,
        stats: {
          "loss/policy_avg": over(losses, batch.mask),
          "policy/clipfrac_avg": over(clipped, batch.mask),
          "policy/approxkl_avg": over(squaredLogRatio, batch.mask),
          "policy/entropy_avg": over(entropy, batch.mask),
          "val/ratio": over(ratio, batch.mask),
        },
      };
    },
    about: updates.about,
    verify: updates.verify,
  };
}
