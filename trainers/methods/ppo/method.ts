// PPO: rollouts in `batches`, clipped losses of policy and critic in `loss`; actor, critic, reward model and reference share one frozen base.
// Losses in loss.ts, rewards and advantages in advantages.ts, what is sampled in rollout.ts.
import type { Check } from "../../../spec/checks";
import type { PpoConfig } from "../../../spec/methods/ppo";
import { sum } from "../../../spec/statistics";
import type { Dataset } from "../../data/dataset";
import { positionEntropy } from "../../engine/head";
import { tf } from "../../engine/tensorflow";
import type { TokenBatch } from "../../inference/batches";
import { answerStates, scoresOf, tokenValues, valuesOf } from "../../inference/policy";
import { type Context, type Method, over } from "../method";
import { adaptedKl, type Estimated, estimated } from "../shared/advantages";
import { createRollouts, type Roles } from "../shared/rollout";
import { rolloutBatches } from "../shared/rollout-batches";
import { createUpdates } from "../shared/updates";
import { klTerm, policyLoss, type Sampled, valueLoss } from "./loss";
import type { Recorded } from "./replay";

export interface PpoRoles extends Roles {
  critic: NonNullable<Roles["critic"]>;
  /** What steers the KL coefficient; changed after each update and saved with it. */
  controller: { klCoefficient: number };
}

type Batch = TokenBatch &
  Sampled & {
    valueMask: tf.Tensor2D; // [B, C]
    /** Weights of the tokens' losses, by which they add up to the mini-batch's mean; 0 where nothing is scored. */
    policyWeights: tf.Tensor2D; // [B, C]
    /** log π_ref, and the weights times what a nat of KL costs. */
    reference: tf.Tensor2D; // [B, C]
    klWeights: tf.Tensor2D; // [B, C]
    valueWeights: tf.Tensor2D; // [B, C]
  };

/** An answer, what is learnt from its tokens, and what a nat of KL cost when it was sampled. */
type Row = Estimated & { klCoefficient: number };

export function ppo(
  context: Context,
  roles: PpoRoles,
  config: PpoConfig,
  dataset: Dataset<unknown>,
  replay: Recorded[] | null,
  checked: (check: Check) => void,
): Method<Batch> {
  const { model, policy } = context;
  const { critic, controller } = roles;
  const { ppo } = config;
  const { seed, data } = config;
  const sample = createRollouts(context, roles, {
    ...ppo,
    seed,
    order: data.order,
    prompts: ppo.rollouts,
    samples: 1,
  });
  const options = replay ? { ...ppo, epochs: 1, miniBatches: replay[0]!.steps.length } : ppo;
  const updates = createUpdates(config, options, collect, checked);
  const { perUpdate } = updates;
  const recorded = (step: number) => replay?.[Math.floor(step / perUpdate)]?.steps[step % perUpdate];
  /** The update that went further than `targetKl` allows. */
  let stopped: number | null = null;

  function collect(update: number) {
    if (replay && !replay[update]) throw new Error(`the record of ${replay.length} updates ends before step limit`);
    const rollouts = sample(update, dataset.train, replay?.[update]);
    const { klCoefficient } = controller;
    if (ppo.adaptiveKl)
      controller.klCoefficient = adaptedKl(klCoefficient, rollouts.kl, rollouts.rows.length, ppo.adaptiveKl);
    const { rows, stats } = estimated(rollouts, ppo.klPlacement === "reward" ? klCoefficient : 0, ppo);
    const charged = rows.map((row) => ({ ...row, klCoefficient }));
    return { rollouts, rows: charged, stats: { ...stats, "objective/kl_coefficient": klCoefficient } };
  }

  /** Whether the steps of this update so far have moved the policy too far (SpinningUp stops at 1.5 times the target). */
  const isDone = (step: number) => stopped === Math.floor(step / perUpdate);
  const isWarmUp = (step: number) => Math.floor(step / perUpdate) < ppo.criticWarmup;

  function cut(rows: Row[], learnsPolicy: boolean) {
    const tokens = sum(rows.map(({ advantages }) => advantages.length));
    const valued = sum(rows.map(({ returns }) => returns.length));
    const weightOf = ({ advantages }: Row) =>
      ppo.average === "token" ? 1 / tokens : 1 / (rows.length * advantages.length);
    return rolloutBatches(rows, context, ({ wide }, scale) => {
      const learnt = (row: Row) => row.advantages.map(() => (learnsPolicy ? scale * weightOf(row) : 0));
      return {
        logProbs: wide((row) => row.logProbs),
        advantages: wide((row) => row.advantages),
        values: wide((row) => row.values),
        returns: wide((row) => row.returns),
        valueMask: wide((row) => row.returns.map(() => 1)),
        policyWeights: wide(learnt),
        reference: wide((row) => row.reference),
        klWeights: wide((row) => learnt(row).map((weight) => weight * row.klCoefficient)),
        valueWeights: wide((row) => row.returns.map(() => scale / valued)),
      };
    });
  }

  const average = replay ? "" : "_avg";
  return {
    cycle: replay ? 1 : perUpdate,
    samples: ppo.rollouts / (replay ? perUpdate : 1),
    steps: perUpdate * (replay?.length ?? Math.ceil((config.epochs * dataset.train.length) / ppo.rollouts)),
    batches(step) {
      if (isDone(step)) return [];
      const rows = recorded(step)?.rows.map((row) => updates.of(step).rows[row]!) ?? updates.rowsOf(step);
      return cut(rows, !isWarmUp(step));
    },
    heldOut: () => [],
    spread: updates.spread,
    loss(batch) {
      const { mask, valueMask, policyWeights, valueWeights, klWeights } = batch;
      const states = answerStates(model, policy, batch); // [B·C, d]
      const warm = states.div<tf.Tensor2D>(ppo.temperature);
      const { logProbs, entropy } = scoresOf(warm, model, batch);
      const values =
        ppo.value.head === "actor"
          ? valuesOf(states, critic.head, batch)
          : tokenValues(model, critic.adapter, critic.head, batch);
      const actor = policyLoss(logProbs, batch, ppo);
      const value = valueLoss(values, batch, ppo);
      const weighted = (losses: tf.Tensor, weights: tf.Tensor) => losses.mul(weights).sum();
      const losses = [
        weighted(actor.losses, policyWeights),
        weighted(value.losses, valueWeights).mul(ppo.valueCoefficient),
      ];
      if (ppo.klPlacement === "loss")
        losses.push(weighted(klTerm(logProbs, batch.reference, ppo.klEstimator), klWeights));
      if (ppo.entropyCoefficient > 0) {
        const spread = positionEntropy(warm, model.weights.head).reshape(mask.shape);
        losses.push(weighted(spread, policyWeights).mul(-ppo.entropyCoefficient));
      }
      return {
        loss: tf.addN(losses) as tf.Scalar,
        stats: {
          [`loss/policy${average}`]: over(actor.losses, mask),
          [`loss/value${average}`]: over(value.losses, valueMask),
          [`policy/clipfrac${average}`]: over(actor.clipped, mask),
          [`val/clipfrac${average}`]: over(value.clipped, valueMask),
          "policy/approxkl_avg": over(actor.squaredLogRatio, mask),
          "policy/entropy_avg": over(entropy, mask),
          "val/ratio": over(actor.ratio, mask),
        },
      };
    },
    about(step) {
      const about = updates.about(step);
      const now = recorded(step);
      return now ? { ...about, epoch: now.epoch + 1, minibatch: now.minibatch + 1 } : about;
    },
    verify(step, stats) {
      if (!replay) updates.verify(step, stats);
      if (ppo.targetKl !== null && stats["policy/approxkl_avg"]! > 1.5 * ppo.targetKl)
        stopped = Math.floor(step / perUpdate);
    },
  };
}
