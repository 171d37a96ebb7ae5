// A run's settings by the names of OpenRLHF's command line.
import type { OptimizerConfig } from "../fields/optimizer";
import { methodOf } from "../methods/all";
import { isSampled, type Sampled, samplingOf } from "../methods/sampling-of";
import type { Exportable } from "./problems";
import { sampledFlags } from "./sampled";
import type { Flags } from "./words";

/** What only the rows of a run tell. */
export interface OfRows {
  /** Whether there are rows that it does not learn from. */
  heldOut: boolean;
  /** Whether chosen answers have a margin by which they should lead. */
  margins: boolean;
}

export function flagsOf(config: Exportable, model: string, rows: OfRows): Flags {
  return isSampled(config)
    ? {
        "actor.model_name_or_path": model,
        ...promptFlags(config),
        ...sampledFlags(config),
        ...optimizerFlags(config.optimizer, "actor."),
        ...(config.method === "ppo" && optimizerFlags(config.optimizer, "critic.")),
        ...sharedFlags(config, "actor."),
        ...rayFlags(config),
      }
    : {
        "model.model_name_or_path": model,
        ...rowFlags(config, rows),
        ...lossFlags(config, rows),
        "train.batch_size": config.batchSize * config.gradientAccumulationSteps,
        "train.micro_batch_size": config.batchSize / config.distributed.processes,
        "train.max_epochs": 1,
        ...optimizerFlags(config.optimizer, ""),
        ...loraFlags(config),
        ...sharedFlags(config, "model."),
      };
}

type Learnt = Exclude<Exportable, Sampled>;

/** Rows are the texts that the run reads, by its chat template: OpenRLHF puts none around them. */
function rowFlags(config: Learnt, { heldOut }: OfRows): Flags {
  const { maxLength } = config.data;
  const isReward = config.method === "reward";
  const evaluates = heldOut && config.evalEvery !== null;
  return {
    "data.dataset": "rows.jsonl",
    ...namesOf(config),
    "data.max_len": maxLength,
    ...((evaluates || isReward) && {
      "eval.dataset": heldOut ? "held-out.jsonl" : "rows.jsonl", // a reward model's scale is measured on them
      "eval.split": "train",
    }),
    ...(evaluates && { "eval.steps": config.evalEvery! }),
  };
}

function namesOf(config: Learnt): Flags {
  if (config.method !== "sft")
    return { "data.prompt_key": "prompt", "data.chosen_key": "chosen", "data.rejected_key": "rejected" };
  if (!config.sft.completionOnlyLoss) return { "data.input_key": "text", "model.pretrain_mode_enable": true };
  return { "data.input_key": "prompt", "data.output_key": "response", "data.input_template": "" };
}

function lossFlags(config: Learnt, { margins }: OfRows): Flags {
  if (config.method === "dpo") {
    const { beta, labelSmoothing } = config.dpo;
    return { "model.beta": beta, ...(labelSmoothing > 0 && { "model.label_smoothing": labelSmoothing }) };
  }
  if (config.method === "reward")
    return { "model.loss_type": "sigmoid", ...(margins && { "model.margin_loss_enable": true }) };
  return {};
}

/** Prompts are texts too, and a row's label is what its reward reads of it. */
const promptFlags = (config: Sampled): Flags => ({
  "data.prompt_dataset": "rows.jsonl",
  "data.input_key": "prompt",
  "data.label_key": "label",
  "data.max_len": config.data.maxLength + samplingOf(config).maxCompletionLength,
});

function optimizerFlags(optimizer: OptimizerConfig, prefix: string): Flags {
  const { schedule, warmupRatio } = optimizer;
  const flags: Flags = {
    "adam.lr": optimizer.learningRate,
    "adam.betas": [optimizer.beta1, optimizer.beta2],
    "adam.eps": optimizer.epsilon,
    "adam.weight_decay": optimizer.weightDecay,
    lr_scheduler: schedule === "constant" && warmupRatio > 0 ? "constant_with_warmup" : schedule,
    lr_warmup_ratio: warmupRatio,
    ...(schedule === "cosine_with_min_lr" && { min_lr_ratio: optimizer.minLrRate }),
    max_norm: optimizer.maxGradNorm ?? 0,
  };
  return Object.fromEntries(Object.entries(flags).map(([name, value]) => [`${prefix}${name}`, value]));
}

function loraFlags({ adapter }: Exportable): Flags {
  if (adapter?.type !== "lora") return {};
  return {
    "ds.lora.rank": adapter.rank,
    "ds.lora.alpha": adapter.alpha,
    ...(adapter.dropout > 0 && { "ds.lora.dropout": adapter.dropout }),
    // all-linear is OpenRLHF's own, as a word, where a list is of names
    ...(adapter.targets !== "all-linear" && { "ds.lora.target_modules": adapter.targets }),
  };
}

function sharedFlags(config: Exportable, prefix: "model." | "actor."): Flags {
  const { model, distributed, recompute, seed, logEvery, saveEvery, saveTotalLimit } = config;
  const perUpdate = methodOf(config).stepsPerRollout(config);
  return {
    "ds.param_dtype": "bf16",
    "ds.zero_stage": distributed.zeroStage,
    ...(distributed.offload === "cpu" && { "ds.adam_offload": true }),
    ...(model.quantisation && { "ds.load_in_4bit": true }),
    ...(["attention", "block", "disk"].includes(recompute) && { [`${prefix}gradient_checkpointing_enable`]: true }),
    ...(model.balanceCoefficient !== null && { [`${prefix}aux_loss_coef`]: model.balanceCoefficient }),
    "train.seed": seed,
    "ckpt.output_dir": "output",
    ...(saveEvery !== null && {
      "ckpt.path": "checkpoints",
      "ckpt.save_steps": Math.ceil(saveEvery / perUpdate),
      "ckpt.max_num": saveTotalLimit ?? 1_000_000,
      "ckpt.load_enable": true, // started again it goes on from the newest
    }),
    "logger.logging_steps": Math.ceil(logEvery / perUpdate),
    "logger.tensorboard_dir": "log",
  };
}

/** All models on the same GPUs, one after the other. */
const rayFlags = ({ distributed: { processes } }: Exportable): Flags => ({
  "actor.num_gpus_per_node": processes,
  "ref.num_gpus_per_node": processes,
  "critic.num_gpus_per_node": processes,
  "vllm.num_engines": processes,
  "vllm.gpu_memory_utilization": 0.6,
  "train.colocate_all": true,
  "vllm.enable_sleep": true,
  "ds.enable_sleep": true,
});
