// Runs that are exported for OpenRLHF, each with what its parser is to make of the settings: written here by hand, by its names.
const golden = "data/golden/trajectories";
const pairs = { train: `${golden}/pairs.jsonl`, maxLength: 256, heldOut: 0.1 };
const prompts = { train: `${golden}/pairs.jsonl`, maxLength: 192 };
const length = { rules: { length: { max: 20 } } };
const whole = { adapter: null };

export interface Case {
  name: string;
  run: object;
  distributed?: { processes: number; zeroStage: number; offload: "none" | "cpu" };
  parsed: Record<string, unknown>;
}

/** Of every run that learns from rows, but for what a case says. */
export const learning = {
  data: pairs,
  ...{ seed: 3, maxSteps: 24, batchSize: 4, gradientAccumulationSteps: 2, evalEvery: 8 },
  optimizer: { learningRate: 1e-3, schedule: "cosine", warmupRatio: 0.1 },
};

const learned = {
  ...{ "train.batch_size": 8, "train.micro_batch_size": 4, "train.max_epochs": 1, "train.seed": 3, "eval.steps": 8 },
  ...{ "adam.lr": 1e-3, "adam.betas": [0.9, 0.999], "adam.eps": 1e-8, "adam.weight_decay": 0, optim: "adam" },
  ...{ lr_scheduler: "cosine", lr_warmup_ratio: 0.1, max_norm: 1, "ds.param_dtype": "bf16", "data.max_len": 256 },
  ...{ "data.input_template": null, "data.apply_chat_template": false, "data.max_samples": 1_000_000 },
  ...{ "ckpt.save_steps": -1, "ckpt.load_enable": false, "ds.load_in_4bit": false, "logger.logging_steps": 1 },
};
const lora16 = {
  "ds.lora.rank": 16,
  "ds.lora.alpha": 32,
  "ds.lora.dropout": 0,
  "ds.lora.target_modules": "all-linear",
};

const sampling = { data: prompts, ...whole, seed: 5, maxSteps: 8 };
const sampled = {
  ...{ "train.seed": 5, "train.num_episodes": 1, "data.max_len": 256, "rollout.max_new_tokens": 64, "ds.lora.rank": 0 },
  ...{ "reward.remote_url": ["http://127.0.0.1:5017/get_reward"], "reward.clip_range": [-1e6, 1e6] },
  ...{ "algo.kl.target": null, "algo.dynamic_filtering_enable": false, "reward.normalize_enable": false },
  ...{ "reward.overlong_buffer_len": null, "reward.stop_properly_penalty_coef": null, "rollout.top_p": 1 },
  ...{ "algo.advantage.no_std_norm": false, "actor.max_norm": 1, "actor.adam.betas": [0.9, 0.999] },
  ...{ "train.colocate_all": true, "train.async_enable": false, "data.label_key": "label" },
};

export const cases: Case[] = [
  {
    name: "SFT",
    run: { method: "sft" },
    parsed: { ...learned, ...lora16, "data.input_template": "", "data.output_key": "response" },
  },
  {
    name: "SFT of every token, plain text, 4 bits",
    run: {
      ...{ method: "sft", sft: { completionOnlyLoss: false }, data: { ...pairs, train: `${golden}/strings.jsonl` } },
      ...{
        model: { quantisation: "nf4-double" },
        evalEvery: null,
        epochs: 3,
        maxSteps: null,
        batchSize: 2,
        gradientAccumulationSteps: 1,
      },
    },
    parsed: {
      ...{ "model.pretrain_mode_enable": true, "data.input_key": "text", "data.output_key": null },
      ...{ "ds.load_in_4bit": true, "eval.dataset": null, "train.batch_size": 2 },
    },
  },
  {
    name: "DPO",
    run: { method: "dpo" },
    parsed: {
      ...learned,
      ...lora16,
      "model.beta": 0.1,
      "model.label_smoothing": 0,
      "model.ipo_enable": false,
      "model.nll_loss_coef": 0,
    },
  },
  {
    name: "DPO with label smoothing, LoRA on two layers, checkpoints, ZeRO 3 on four GPUs",
    run: {
      ...{ method: "dpo", dpo: { beta: 0.3, lossType: "cdpo", labelSmoothing: 0.2 }, saveEvery: 12, saveTotalLimit: 2 },
      adapter: { rank: 4, alpha: 8, dropout: 0.25, targets: ["q_proj", "down_proj"] },
      optimizer: {
        learningRate: 2e-4,
        beta1: 0.8,
        beta2: 0.95,
        epsilon: 1e-6,
        weightDecay: 0.05,
        maxGradNorm: null,
        schedule: "constant",
        warmupRatio: 0.25,
      },
      ...{ logEvery: 3, recompute: "block" },
    },
    distributed: { processes: 4, zeroStage: 3, offload: "cpu" },
    parsed: {
      ...{ "model.beta": 0.3, "model.label_smoothing": 0.2, "train.micro_batch_size": 1, "train.batch_size": 8 },
      ...{
        "ds.lora.rank": 4,
        "ds.lora.alpha": 8,
        "ds.lora.dropout": 0.25,
        "ds.lora.target_modules": ["q_proj", "down_proj"],
      },
      ...{ "adam.lr": 2e-4, "adam.betas": [0.8, 0.95], "adam.eps": 1e-6, "adam.weight_decay": 0.05, max_norm: 0 },
      ...{ lr_scheduler: "constant_with_warmup", lr_warmup_ratio: 0.25, "ds.zero_stage": 3, "ds.adam_offload": true },
      ...{ "ckpt.save_steps": 12, "ckpt.max_num": 2, "ckpt.path": "checkpoints", "ckpt.load_enable": true },
      ...{ "logger.logging_steps": 3, "model.gradient_checkpointing_enable": true },
    },
  },
  {
    name: "reward model",
    run: { method: "reward", ...whole },
    parsed: { ...learned, "ds.lora.rank": 0, "model.loss_type": "sigmoid", "model.margin_loss_enable": false },
  },
  {
    name: "PPO",
    run: {
      ...{
        ...sampling,
        method: "ppo",
        optimizer: { learningRate: 2e-6, schedule: "cosine_with_min_lr", minLrRate: 0.2 },
      },
      ppo: {
        ...{
          rollouts: 8,
          numMiniBatches: 2,
          numPpoEpochs: 2,
          gamma: 0.99,
          lam: 0.9,
          cliprange: 0.1,
          cliprangeValue: 0.3,
        },
        ...{
          klCoef: 0.02,
          klEstimator: "k2",
          klPlacement: "loss",
          entropyCoef: 0.01,
          dualClip: 3,
          criticWarmup: 2,
          temperature: 0.7,
        },
        reward: length,
      },
      saveEvery: 4,
    },
    parsed: {
      ...{
        ...sampled,
        "rollout.batch_size": 8,
        "rollout.n_samples_per_prompt": 1,
        "train.batch_size": 4,
        "train.max_epochs": 2,
      },
      ...{
        "algo.advantage.estimator": "gae",
        "algo.advantage.gamma": 0.99,
        "algo.advantage.lambd": 0.9,
        "rollout.temperature": 0.7,
      },
      ...{
        "actor.eps_clip_low_high": [0.1, 0.1],
        "actor.dual_clip": 3,
        "critic.value_clip": 0.3,
        "critic.freezing_steps": 1,
      },
      ...{ "algo.kl.init_coef": 0.02, "algo.kl.estimator": "k2", "algo.kl.use_loss": true, "actor.entropy_coef": 0.01 },
      ...{
        "actor.adam.lr": 2e-6,
        "critic.adam.lr": 2e-6,
        "actor.lr_scheduler": "cosine_with_min_lr",
        "critic.min_lr_ratio": 0.2,
      },
      ...{ "ckpt.save_steps": 1, "actor.policy_loss_type": "ppo", "actor.loss_agg_mode": "token-mean" },
    },
  },
  {
    name: "GRPO as DAPO, on eight GPUs",
    run: {
      ...{ ...sampling, method: "grpo" },
      grpo: {
        prompts: 4,
        numGenerations: 4,
        numIterations: 2,
        epsilonHigh: 0.28,
        delta: 4,
        beta: 0.04,
        reward: length,
      },
    },
    distributed: { processes: 8, zeroStage: 2, offload: "none" },
    parsed: {
      ...{
        ...sampled,
        "rollout.batch_size": 4,
        "rollout.n_samples_per_prompt": 4,
        "train.batch_size": 16,
        "train.max_epochs": 2,
      },
      ...{ "algo.advantage.estimator": "group_norm", "actor.eps_clip_low_high": [0.2, 0.28], "actor.dual_clip": 4 },
      ...{
        "algo.kl.use_loss": true,
        "algo.kl.estimator": "k3",
        "algo.kl.init_coef": 0.04,
        "algo.kl.unbiased_gradient": true,
      },
      ...{ "actor.num_gpus_per_node": 8, "ref.num_gpus_per_node": 8, "vllm.num_engines": 8, "ds.zero_stage": 2 },
    },
  },
  {
    name: "GRPO as GSPO, rewards not scaled",
    run: {
      ...{ ...sampling, method: "grpo" },
      grpo: {
        prompts: 2,
        numGenerations: 4,
        lossType: "grpo",
        importanceSamplingLevel: "sequence",
        scaleRewards: "none",
        reward: length,
      },
    },
    parsed: {
      ...{
        ...sampled,
        "algo.advantage.estimator": "dr_grpo",
        "actor.policy_loss_type": "gspo",
        "algo.kl.init_coef": 0,
      },
      "actor.loss_agg_mode": "seq-mean-token-mean",
    },
  },
  {
    name: "RLOO",
    run: { ...sampling, method: "rloo", rloo: { prompts: 2, numGenerations: 4, numMiniBatches: 2, reward: length } },
    parsed: {
      ...{ ...sampled, "algo.advantage.estimator": "rloo", "algo.kl.init_coef": 0.05, "algo.kl.estimator": "k1" },
      ...{ "algo.kl.use_loss": false, "train.batch_size": 4 },
    },
  },
  {
    name: "REINFORCE++, rewards from an address",
    run: {
      ...{ ...sampling, method: "reinforce-plus-plus" },
      reinforcePlusPlus: { prompts: 8, reward: { remote: "http://scores.example:5000/get_reward" } },
    },
    parsed: {
      ...{ ...sampled, "reward.remote_url": ["http://scores.example:5000/get_reward"], "algo.kl.init_coef": 0.01 },
      ...{ "algo.advantage.estimator": "reinforce", "algo.advantage.gamma": 1, "rollout.n_samples_per_prompt": 1 },
    },
  },
  {
    name: "REINFORCE++ with the group as baseline",
    run: {
      ...{ ...sampling, method: "reinforce-plus-plus" },
      reinforcePlusPlus: { prompts: 4, numGenerations: 2, baseline: "group", epsilon: 0.3, reward: length },
    },
    parsed: { ...sampled, "algo.advantage.estimator": "reinforce_baseline", "actor.eps_clip_low_high": [0.3, 0.3] },
  },
];
