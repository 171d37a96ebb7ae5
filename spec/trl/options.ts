// A run's options by TRL's names.

import { isOfExperts } from "../adapters/common";
import { methodOf } from "../methods/all";
import { grpoBatches, grpoOptions } from "./grpo";
import type { Scripted } from "./problems";
import type { Options } from "./python";

export function commonOptions(config: Scripted, steps: number | null): Options {
  const { optimizer, epochs, data, logEvery, saveEvery, seed, model, distributed } = config;
  const { atOnce, passes } =
    config.method === "grpo"
      ? grpoBatches(config)
      : { atOnce: config.batchSize, passes: config.gradientAccumulationSteps };
  return {
    per_device_train_batch_size: atOnce / distributed.processes,
    gradient_accumulation_steps: passes,
    ...(steps === null ? { num_train_epochs: epochs } : { max_steps: steps }),
    ...(config.method !== "grpo" && { max_length: data.maxLength }),
    optim: optimizer.name === "sgd" ? "sgd" : "adamw_torch",
    learning_rate: optimizer.learningRate,
    ...scheduleOptions(config),
    adam_beta1: optimizer.beta1,
    adam_beta2: optimizer.beta2,
    adam_epsilon: optimizer.epsilon,
    weight_decay: optimizer.weightDecay,
    max_grad_norm: optimizer.maxGradNorm ?? 0,
    logging_steps: inWholeUpdates(config, logEvery),
    logging_nan_inf_filter: false,
    seed,
    bf16: model.dtype === "bfloat16",
    gradient_checkpointing: false,
    ...(saveEvery === null
      ? { save_strategy: "no" }
      : { save_strategy: "steps", save_steps: inWholeUpdates(config, saveEvery) }),
    report_to: "none",
  };
}

/** Steps, up to the end of an update where a method samples: TRL keeps no completions in its checkpoints. */
function inWholeUpdates(config: Scripted, steps: number): number {
  const perUpdate = methodOf(config).stepsPerRollout(config);
  return Math.ceil(steps / perUpdate) * perUpdate;
}

/** Of several processes each evaluates one row at a time: the last batch of all is filled up with rows that are counted already. */
export const evaluationOptions = ({ evalEvery, batchSize, distributed }: Scripted): Options => ({
  ...{ eval_strategy: "steps", eval_steps: evalEvery },
  per_device_eval_batch_size: distributed.processes > 1 ? 1 : batchSize,
});

function scheduleOptions({ optimizer }: Scripted): Options {
  const { schedule, warmupRatio } = optimizer;
  return {
    lr_scheduler_type: schedule === "constant" && warmupRatio > 0 ? "constant_with_warmup" : schedule,
    ...(warmupRatio > 0 && { warmup_steps: warmupRatio }), // below 1: a share of the steps
  };
}

export function optionsOf(config: Scripted): Options {
  if (config.method === "sft") return { completion_only_loss: config.sft.completionOnlyLoss, packing: false };
  if (config.method === "reward") return { center_rewards_coefficient: config.reward.centerRewardsCoefficient || null };
  if (config.method === "grpo") return grpoOptions(config);
  if (config.method === "kto") {
    const { beta, lossType, desirableWeight, undesirableWeight } = config.kto;
    return {
      ...{ beta, loss_type: lossType, desirable_weight: desirableWeight, undesirable_weight: undesirableWeight },
      ...(lossType === "kto" && { train_sampling_strategy: "sequential" }),
    };
  }
  const { dpo } = config;
  return {
    beta: dpo.beta,
    loss_type: [dpo.lossType].flat(),
    ...(dpo.lossWeights && { loss_weights: dpo.lossWeights }),
    ...(dpo.labelSmoothing > 0 && { label_smoothing: dpo.labelSmoothing }),
    ...(dpo.fDivergenceType !== "reverse_kl" && { f_divergence_type: dpo.fDivergenceType }),
    ...(dpo.fDivergenceType === "alpha_divergence" && { f_alpha_divergence_coef: dpo.fAlphaDivergenceCoef }),
    ...(dpo.ldAlpha !== null && { ld_alpha: dpo.ldAlpha }),
    ...(dpo.useWeighting && { use_weighting: true }),
  };
}

export function loraOptions(config: Scripted): Options {
  const { adapter } = config;
  if (adapter?.type !== "lora") return {};
  const saved = [...adapter.modulesToSave, ...(config.method === "reward" ? ["score"] : [])];
  const { targets } = adapter;
  const ofExperts = targets === "all-linear" ? [] : targets.filter(isOfExperts);
  return {
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: adapter.dropout,
    target_modules: targets === "all-linear" ? targets : targets.filter((name) => !isOfExperts(name)),
    ...(ofExperts.length > 0 && { target_parameters: ofExperts }),
    ...(adapter.rankStabilised && { use_rslora: true }),
    ...(adapter.dora && { use_dora: true }),
    task_type: config.method === "reward" ? "SEQ_CLS" : "CAUSAL_LM",
    ...(saved.length > 0 && { modules_to_save: saved }),
  };
}
