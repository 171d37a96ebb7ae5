// RLOO: several answers to each prompt, each learnt from as one action against the mean of its siblings. No critic. Loss in loss.ts.
import type { Check } from "../../../spec/checks";
import type { RlooConfig } from "../../../spec/methods/rloo";
import { sum } from "../../../spec/statistics";
import type { Dataset } from "../../data/dataset";
import { chunks } from "../../data/row-batches";
import type { tf } from "../../engine/tensorflow";
import type { TokenBatch } from "../../inference/batches";
import { tokenScores } from "../../inference/policy";
import { sumOfScored } from "../../inference/scored-tokens";
import { type Context, type Method, over } from "../method";
import { whiten } from "../shared/advantages";
import { groupRollouts, groupStats } from "../shared/groups";
import { createRollouts, type Roles, type Rollout } from "../shared/rollout";
import { rolloutBatches } from "../shared/rollout-batches";
import { createUpdates } from "../shared/updates";
import { leaveOneOut, rlooLoss } from "./loss";

type Batch = TokenBatch & {
  old: tf.Tensor2D; // [B, C]
  /** One an answer, and the weight of its loss, by which a step's losses add up to their mean. */
  advantages: tf.Tensor1D; // [B]
  weights: tf.Tensor1D; // [B]
};

export function rloo(
  context: Context,
  roles: Roles,
  config: RlooConfig,
  dataset: Dataset<unknown>,
  checked: (check: Check) => void,
): Method<Batch> {
  const { model, policy } = context;
  const { rloo } = config;
  const sample = createRollouts(context, roles, groupRollouts(config, rloo));
  const updates = createUpdates(config, { ...rloo, actionLength: rloo.responseLength }, collect, checked);

  function collect(update: number) {
    const rollouts = sample(update, dataset.train);
    const rewards = rollouts.rows.map(({ score, kl }) => score - rloo.klCoefficient * sum(kl)); // equation 2
    const groups = leaveOneOut(chunks(rewards, rloo.samples));
    const advantages = (rloo.normalizeAdvantages ? whiten(groups) : groups).flat();
    const rows = rollouts.rows.map((row, i) => ({ ...row, advantage: advantages[i]! }));
    return { rollouts, rows, stats: { ...rollouts.stats, ...groupStats(rollouts, rloo) } };
  }

  return {
    cycle: updates.perUpdate,
    samples: rloo.prompts * rloo.samples,
    steps: updates.perUpdate * Math.ceil((config.epochs * dataset.train.length) / rloo.prompts),
    batches(step) {
      const rows: (Rollout & { advantage: number })[] = updates.rowsOf(step);
      return rolloutBatches(rows, context, ({ wide, one }, scale) => ({
        old: wide((row) => row.logProbs),
        advantages: one((row) => row.advantage),
        weights: one(() => scale / rows.length),
      }));
    },
    heldOut: () => [],
    spread: updates.spread,
    loss(batch) {
      const { logProbs, entropy } = tokenScores(model, policy, batch, rloo.temperature);
      const sums = { own: sumOfScored(logProbs, batch), old: sumOfScored(batch.old, batch) };
      const { losses, ratio, clipped, squaredLogRatio } = rlooLoss(
        sums.own,
        { logProbs: sums.old, advantages: batch.advantages },
        rloo,
      );
      return {
        loss: losses.mul(batch.weights).sum() as tf.Scalar,
        stats: {
          "loss/policy_avg": over(losses),
          "policy/clipfrac_avg": over(clipped),
          "policy/approxkl_avg": over(squaredLogRatio),
          "policy/entropy_avg": over(entropy, batch.mask),
          "val/ratio": over(ratio),
        },
      };
    },
    about: updates.about,
    verify: updates.verify,
  };
}
