// The closed list of what a run measures, with TRL's names where TRL has one. Charts, tooltips and tables read it; no tfjs here.

interface Metric {
  label: string;
  unit: string;
  group: "learning" | "rewards" | "drift" | "speed";
  /** One line for the hover. */
  about: string;
}

export const metrics = {
  loss: {
    label: "Loss",
    unit: "nats",
    group: "learning",
    about: "Mean loss of the step's batch, before its update. DPO starts at log 2 = 0.693.",
  },
  grad_norm: {
    label: "Gradient norm",
    unit: "L2",
    group: "learning",
    about: "Global norm of the gradient before clipping.",
  },
  learning_rate: { label: "Learning rate", unit: "", group: "learning", about: "Of this step, after the schedule." },
  "rewards/accuracies": {
    label: "Accuracy",
    unit: "share of pairs",
    group: "rewards",
    about: "Pairs whose chosen answer has the higher implicit reward.",
  },
  "rewards/margins": {
    label: "Margin",
    unit: "β·nats",
    group: "rewards",
    about: "Chosen minus rejected reward. This is what DPO raises.",
  },
  "rewards/chosen": {
    label: "Chosen reward",
    unit: "β·nats",
    group: "rewards",
    about: "β·log(π/π_ref) of chosen answers. It may fall while the margin grows.",
  },
  "rewards/rejected": {
    label: "Rejected reward",
    unit: "β·nats",
    group: "rewards",
    about: "β·log(π/π_ref) of rejected answers.",
  },
  "logps/chosen": {
    label: "Chosen log-prob",
    unit: "nats/seq",
    group: "rewards",
    about: "log π of chosen answers, summed over their tokens.",
  },
  "logps/rejected": {
    label: "Rejected log-prob",
    unit: "nats/seq",
    group: "rewards",
    about: "log π of rejected answers, summed over their tokens.",
  },
  "objective/kl": {
    label: "KL to reference",
    unit: "nats/seq",
    group: "drift",
    about:
      "Exact over the vocabulary, summed over the tokens of answers that the policy itself sampled to the fixed prompts.",
  },
  "objective/kl_se": {
    label: "KL standard error",
    unit: "nats/seq",
    group: "drift",
    about: "Standard error of that mean over the prompts.",
  },
  "objective/scores": {
    label: "Gold reward",
    unit: "points",
    group: "drift",
    about: "The synthetic task's own score of the same answers, hidden from training.",
  },
  "completions/mean_length": {
    label: "Answer length",
    unit: "tokens",
    group: "drift",
    about: "Mean length of those answers.",
  },
  "completions/ended": {
    label: "Ended by itself",
    unit: "share of answers",
    group: "drift",
    about: "Answers that reached the end-of-sequence token.",
  },
  eval_loss: {
    label: "Held-out loss",
    unit: "nats",
    group: "learning",
    about: "The same loss on prompts that were never trained on.",
  },
  "eval_rewards/accuracies": {
    label: "Held-out accuracy",
    unit: "share of pairs",
    group: "rewards",
    about: "Accuracy on prompts that were never trained on.",
  },
  "eval_rewards/margins": {
    label: "Held-out margin",
    unit: "β·nats",
    group: "rewards",
    about: "Margin on prompts that were never trained on.",
  },
  "eval_rewards/chosen": {
    label: "Held-out chosen reward",
    unit: "β·nats",
    group: "rewards",
    about: "Chosen reward on prompts that were never trained on.",
  },
  "eval_rewards/rejected": {
    label: "Held-out rejected reward",
    unit: "β·nats",
    group: "rewards",
    about: "Rejected reward on prompts that were never trained on.",
  },
  "eval_logps/chosen": {
    label: "Held-out chosen log-prob",
    unit: "nats/seq",
    group: "rewards",
    about: "log π of held-out chosen answers.",
  },
  "eval_logps/rejected": {
    label: "Held-out rejected log-prob",
    unit: "nats/seq",
    group: "rewards",
    about: "log π of held-out rejected answers.",
  },
  tokens: { label: "Tokens", unit: "tokens", group: "speed", about: "Tokens fed in this step, padding not counted." },
  seconds: { label: "Step time", unit: "s", group: "speed", about: "Wall time of this step." },
  tokens_per_second: {
    label: "Speed",
    unit: "tokens/s",
    group: "speed",
    about: "Tokens of the step over its wall time.",
  },
  memory: { label: "Memory", unit: "MB", group: "speed", about: "Resident memory of the trainer." },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;
export type MetricRow = { step: number } & Partial<Record<MetricName, number>>;
