// The closed list of what a run measures, with TRL's names where TRL has one. Charts, tooltips and tables read it; no tfjs here.
import { onPolicy, onPolicyErrors, partMetrics, rollout, update, updateMetrics } from "./sampled";

export interface Metric {
  label: string;
  unit: string;
  group: "learning" | "rewards" | "drift" | "answers" | "rollout" | "update" | "speed";
  /** One line for the hover. */
  about: string;
}

const measured = {
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
  "logits/chosen": {
    label: "Chosen mean logit",
    unit: "nats",
    group: "rewards",
    about: "Mean score before softmax over the vocabulary, at the tokens of chosen answers.",
  },
  "logits/rejected": {
    label: "Rejected mean logit",
    unit: "nats",
    group: "rewards",
    about: "Mean score before softmax over the vocabulary, at the tokens of rejected answers.",
  },
  entropy: {
    label: "Entropy",
    unit: "nats/token",
    group: "learning",
    about: "Of the policy's distribution at the scored tokens, mean.",
  },
  mean_token_accuracy: {
    label: "Token accuracy",
    unit: "share of tokens",
    group: "learning",
    about: "Scored tokens (of chosen answers, where there are pairs) that the policy finds likeliest.",
  },
  nll_loss: {
    label: "Likelihood term",
    unit: "nats/token",
    group: "learning",
    about: "Negative log-likelihood of the chosen answers' tokens, before its weight in the loss.",
  },
  log_odds_ratio: {
    label: "log σ of the odds ratio",
    unit: "nats",
    group: "rewards",
    about: "ORPO: mean log σ of the log odds ratio.",
  },
  log_odds_chosen: {
    label: "Log odds ratio",
    unit: "nats",
    group: "rewards",
    about: "ORPO: log odds of the chosen answer over the rejected one's.",
  },
  kl: {
    label: "Reference point",
    unit: "nats/seq",
    group: "drift",
    about:
      "KTO: mean log(π/π_ref) of answers beside prompts that they were not given to, at least 0. Not the policy's own KL.",
  },
  accuracy: {
    label: "Accuracy",
    unit: "share of pairs",
    group: "rewards",
    about: "Pairs whose chosen answer the reward model scores higher.",
  },
  margin: {
    label: "Margin",
    unit: "points",
    group: "rewards",
    about: "Chosen minus rejected score of the reward model.",
  },
  mean_reward: { label: "Mean score", unit: "points", group: "rewards", about: "Of all answers of the batch." },
  min_reward: { label: "Lowest score", unit: "points", group: "rewards", about: "Of all answers of the batch." },
  max_reward: { label: "Highest score", unit: "points", group: "rewards", about: "Of all answers of the batch." },
  ...onPolicy,
  ...onPolicyErrors(),
  ...rollout,
  ...partMetrics(),
  ...update,
  ...updateMetrics(),
  rollout_seconds: {
    label: "Rollout time",
    unit: "s",
    group: "speed",
    about: "Wall time of the update that went into sampling and scoring.",
  },
  round: { label: "Round", unit: "", group: "speed", about: "Sampled, judged and learnt from so far." },
  update: { label: "Update", unit: "", group: "speed", about: "Rollouts so far." },
  epoch: { label: "Epoch of the update", unit: "", group: "speed", about: "Passes through a rollout." },
  minibatch: { label: "Mini-batch", unit: "", group: "speed", about: "Part of the rollout." },
  tokens: { label: "Tokens", unit: "tokens", group: "speed", about: "Tokens fed in this step, padding not counted." },
  num_tokens: {
    label: "Tokens so far",
    unit: "tokens",
    group: "speed",
    about: "Fed since the run began, padding not counted.",
  },
  samples: {
    label: "Samples so far",
    unit: "rows",
    group: "speed",
    about: "Pairs, lists or answers of the data; answers of its own where the policy samples them.",
  },
  elapsed: {
    label: "Time in steps",
    unit: "s",
    group: "speed",
    about: "Since the run began, waiting between attempts left out.",
  },
  seconds: { label: "Step time", unit: "s", group: "speed", about: "Wall time of this step." },
  tokens_per_second: {
    label: "Speed",
    unit: "tokens/s",
    group: "speed",
    about: "Tokens of the step over its wall time.",
  },
  memory: { label: "Memory", unit: "MB", group: "speed", about: "Resident memory of the trainer." },
} as const satisfies Record<string, Metric>;

/** What held-out rows measure too, under the same name with `eval_` before it. */
const heldOut = ["learning", "rewards", "drift"] as const;
type Measured = typeof measured;
type HeldOutName = {
  [Name in keyof Measured]: Measured[Name]["group"] extends (typeof heldOut)[number] ? Name : never;
}[keyof Measured];

/** What is measured once a held-out row, so that its mean has a standard error: `eval_…_se`. */
export const withInterval = ["loss", "rewards/accuracies", "rewards/margins", "accuracy", "margin"] as const;
type ErrorName = `eval_${(typeof withInterval)[number]}_se`;

/** Held-out pairs by how sure a reward model is of the answer that it prefers: from so many percent to ten more. */
export const confidenceBuckets = ["50", "60", "70", "80", "90"] as const;
type Bucket = (typeof confidenceBuckets)[number];
type CalibrationPart = "confidence" | "calibration" | "calibration_pairs";
const calibrationParts: Record<CalibrationPart, Omit<Metric, "group">> = {
  confidence: { label: "Mean confidence", unit: "probability", about: "σ of the distance of the two scores, mean." },
  calibration: { label: "Right", unit: "share of pairs", about: "Pairs whose chosen answer is the one it prefers." },
  calibration_pairs: { label: "Pairs", unit: "pairs", about: "How many held-out pairs fall here." },
};

export const metrics = {
  ...measured,
  ...heldOutMetrics(),
  ...errorMetrics(),
  ...calibrationMetrics(),
  "eval_calibration/error": {
    label: "Calibration error",
    unit: "probability",
    group: "rewards",
    about: "Distance of confidence from the share that is right, mean over held-out pairs by tenths of confidence.",
  } satisfies Metric,
};

function calibrationMetrics(): Record<`eval_${CalibrationPart}/${Bucket}`, Metric> {
  const entries = Object.entries(calibrationParts).flatMap(([part, { label, unit, about }]) =>
    confidenceBuckets.map((from): [string, Metric] => [
      `eval_${part}/${from}`,
      { label: `${label} at ${from} to ${Number(from) + 10} %`, unit, group: "rewards", about },
    ]),
  );
  return Object.fromEntries(entries) as Record<`eval_${CalibrationPart}/${Bucket}`, Metric>;
}

function errorMetrics(): Record<ErrorName, Metric> {
  const entries = withInterval.map((name) => {
    const { label, unit, group } = measured[name];
    const about = "Standard error of that mean over the held-out rows.";
    return [`eval_${name}_se`, { label: `Held-out ${label.toLowerCase()}: standard error`, unit, group, about }];
  });
  return Object.fromEntries(entries) as Record<ErrorName, Metric>;
}

function heldOutMetrics(): Record<`eval_${HeldOutName}`, Metric> {
  const entries = Object.entries<Metric>(measured).filter(([, { group }]) =>
    (heldOut as readonly string[]).includes(group),
  );
  return Object.fromEntries(
    entries.map(([name, metric]) => [
      `eval_${name}`,
      {
        ...metric,
        label: `Held-out ${metric.label.toLowerCase()}`,
        about: `${metric.about} On prompts never trained on.`,
      },
    ]),
  ) as Record<`eval_${HeldOutName}`, Metric>;
}

/** What a run logs. */
export type MetricName = keyof typeof metrics;
/** What a loss measures: held-out names come without `eval_`. */
export type MeasuredName = MetricName | `${"confidence" | "calibration"}/${Bucket}`;
export type MetricRow = { step: number } & Partial<Record<MetricName, number>>;
