// PPO: rollouts in `batches`, clipped losses of policy and critic in `loss`; with adapters actor, critic, reward model and reference share one frozen base.
// Losses and advantages in loss.ts, sampling and scoring in shared/rollout.ts.
import type { PpoConfig } from "../../../spec/methods/ppo";
import { sum } from "../../../spec/statistics";
import { promptRows, withLongestAnswer } from "../../data/prompt-rows";
import type { Tokens } from "../../data/tokenize";
import { maskedMean } from "../../engine/loss-output";
import { tf } from "../../engine/tensorflow";
import { samplingSource } from "../../environments/sampling-source";
import type { TokenBatch } from "../../inference/batches";
import { answerStates, entropyOf, scoresOf, tokenValues, valuesOf } from "../../inference/policy";
import { rolloutBatches } from "../../inference/rollout-batches";
import { clipAround, createTraces } from "../../inference/traces";
import { isGiven, ownLength } from "../../rewards/answered";
import { type Method, referenceOf, type Setup, type Training } from "../method";
import { createRollouts, type Roles, type RolloutSource } from "../shared/rollout";
import { createUpdates } from "../shared/updates";
import { type Critic, createCritic } from "./critic";
import { adaptedKl, type Estimated, estimated, klTerm, policyLoss, type Sampled, valueLoss } from "./loss";

export type PpoRoles = Roles & { critic: Critic };

export type PpoBatch = TokenBatch &
  Sampled & {
    valueMask: tf.Tensor2D; // [B, C]
    /** Weights of the tokens' losses, by which they add up to the mini-batch's mean; 0 where nothing is scored. */
    policyWeights: tf.Tensor2D; // [B, C]
    /** log π_ref, and the policy weights times the KL coefficient. */
    reference: tf.Tensor2D; // [B, C]
    klWeights: tf.Tensor2D; // [B, C]
    valueWeights: tf.Tensor2D; // [B, C]
  };

/** An answer with advantages and returns, and the KL coefficient when it was sampled. */
type Row = Estimated & { klCoefficient: number };

/** 1 where the critic learns: everywhere but at tokens that an environment gave. */
const counted = (row: Row) => row.returns.map((_, t) => (isGiven(row, t) ? 0 : 1));

export const ppo: Training<PpoConfig, Tokens, PpoBatch> = {
  readRows: promptRows,
  sequences: (prompt, { ppo }) => [withLongestAnswer(prompt, ppo.maxCompletionLength + 1)],
  create(setup, config, { train }) {
    const options = { ...config.ppo, prompts: config.ppo.rollouts, numGenerations: 1, epochs: config.ppo.numPpoEpochs };
    const source = samplingSource(setup, config, options, train);
    return createPpo(setup, ppoRoles(setup, config), config, source);
  },
};

export function ppoRoles(setup: Setup, config: PpoConfig): PpoRoles {
  const { context, tokenizer, createReward } = setup;
  const reward = createReward(config.ppo.reward, config.ppo.normalizeReward);
  return { reward, reference: referenceOf(setup), tokenizer, critic: createCritic(config, context) };
}

export function createPpo(
  { context, checked }: Pick<Setup, "context" | "checked">,
  roles: PpoRoles,
  config: PpoConfig,
  source: RolloutSource,
): Method<PpoBatch> {
  const { model, policy } = context;
  const speaker = { model, adapter: policy };
  const { critic, reward } = roles;
  const { ppo } = config;
  const rollouts = createRollouts(context, roles, source, ppo);
  const trace = createTraces(context, roles.tokenizer, ppo.temperature, clipAround(ppo.cliprange));
  const updates = createUpdates(config, source, ppo, collect, checked);
  const updateOf = (step: number) => Math.floor(step / source.stepsPerUpdate);
  const controller = { klCoefficient: ppo.klCoef };
  /** The update that went further than `targetKl` allows. */
  let stoppedUpdate: number | null = null;

  function collect(update: number) {
    const sampled = rollouts(update);
    const { klCoefficient } = controller;
    if (ppo.adaptiveKl)
      controller.klCoefficient = adaptedKl(klCoefficient, sampled.kl, sampled.rows.length, ppo.adaptiveKl);
    const { rows, stats } = estimated(sampled, ppo.klPlacement === "reward" ? klCoefficient : 0, ppo);
    const charged = rows.map((row) => ({ ...row, klCoefficient }));
    return { rollouts: sampled, rows: charged, stats: { ...stats, "objective/kl_coefficient": klCoefficient } };
  }

  function cut(rows: Row[], learnsPolicy: boolean, pad: number) {
    const tokens = sum(rows.map(ownLength));
    const valued = sum(rows.map((row) => sum(counted(row))));
    const weightOf = (row: Row) => (ppo.lossAggregation === "token" ? 1 / tokens : 1 / (rows.length * ownLength(row)));
    return rolloutBatches(rows, pad, context.microBatchTokens, ({ perToken }, scale) => {
      const policyWeights = (row: Row) =>
        row.advantages.map((_, t) => (learnsPolicy && !isGiven(row, t) ? scale * weightOf(row) : 0));
      return {
        logProbs: perToken((row) => row.logProbs),
        advantages: perToken((row) => row.advantages),
        values: perToken((row) => row.values),
        returns: perToken((row) => row.returns),
        valueMask: perToken(counted),
        policyWeights: perToken(policyWeights),
        reference: perToken((row) => row.reference),
        klWeights: perToken((row) => policyWeights(row).map((weight) => weight * row.klCoefficient)),
        valueWeights: perToken((row) => counted(row).map((one) => (one * scale) / valued)),
      };
    });
  }

  return {
    ...updates.method,
    traced: (step) => trace(updates.updateOf(step).rows),
    answersPerRollout: ppo.rollouts,
    critic,
    controller,
    reward,
    batches(step, pad) {
      if (stoppedUpdate === updateOf(step)) return [];
      return cut(updates.rowsOf(step), updateOf(step) >= ppo.criticWarmup, pad);
    },
    loss(batch) {
      const { mask, valueMask, policyWeights, valueWeights, klWeights } = batch;
      const states = answerStates(model, policy, batch); // [B·C, d]
      const { logProbs, entropy } = scoresOf(states, speaker, batch, ppo.temperature);
      const values =
        ppo.value.head === "actor"
          ? valuesOf(states, critic.head, batch)
          : tokenValues(critic.model, critic.adapter, critic.head, batch);
      const actor = policyLoss(logProbs, batch, ppo);
      const value = valueLoss(values, batch, ppo);
      const weighted = (losses: tf.Tensor, weights: tf.Tensor) => losses.mul(weights).sum();
      const losses = [weighted(actor.losses, policyWeights), weighted(value.losses, valueWeights).mul(ppo.vfCoef)];
      if (ppo.klPlacement === "loss")
        losses.push(weighted(klTerm(logProbs, batch.reference, ppo.klEstimator), klWeights));
      if (ppo.entropyCoef > 0)
        losses.push(weighted(entropyOf(states, speaker, batch, ppo.temperature), policyWeights).mul(-ppo.entropyCoef));
      return {
        loss: tf.addN(losses) as tf.Scalar,
        stats: {
          "loss/policy_avg": maskedMean(actor.losses, mask),
          "loss/value_avg": maskedMean(value.losses, valueMask),
          "policy/clipfrac_avg": maskedMean(actor.clipped, mask),
          "val/clipfrac_avg": maskedMean(value.clipped, valueMask),
          "policy/approxkl_avg": maskedMean(actor.squaredLogRatio, mask),
          "policy/entropy_avg": maskedMean(entropy, mask),
          "val/ratio": maskedMean(actor.ratio, mask),
        },
      };
    },
    validateStep(step, stats) {
      updates.method.validateStep(step, stats);
      // As SpinningUp: an update that has moved the policy 1.5 times as far as it should skips the rest of its steps.
      if (ppo.targetKl !== null && stats["policy/approxkl_avg"]! > 1.5 * ppo.targetKl) stoppedUpdate = updateOf(step);
    },
  };
}
