// The closed list of what a run measures, with TRL's names where TRL has one. Charts, tooltips and tables read it; no tfjs here.

interface Metric {
  label: string;
  unit: string;
  group: "learning" | "rewards" | "drift" | "rollout" | "update" | "speed";
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
  "on_policy/kl": {
    label: "KL to reference",
    unit: "nats/seq",
    group: "drift",
    about:
      "Exact over the vocabulary, summed over the tokens of answers that the policy itself sampled to the fixed prompts.",
  },
  "on_policy/kl_se": {
    label: "KL standard error",
    unit: "nats/seq",
    group: "drift",
    about: "Standard error of that mean over the prompts.",
  },
  "on_policy/gold": {
    label: "Gold reward",
    unit: "points",
    group: "drift",
    about: "The synthetic task's own score of the same answers, hidden from training.",
  },
  "on_policy/length": {
    label: "Answer length",
    unit: "tokens",
    group: "drift",
    about: "Mean length of those answers.",
  },
  "on_policy/gold_se": {
    label: "Gold reward: standard error",
    unit: "points",
    group: "drift",
    about: "Standard error of that mean over the prompts.",
  },
  "on_policy/length_se": {
    label: "Answer length: standard error",
    unit: "tokens",
    group: "drift",
    about: "Standard error of that mean over the prompts.",
  },
  "on_policy/distinct_2": {
    label: "Distinct neighbours",
    unit: "share of token pairs",
    group: "drift",
    about: "Different pairs of neighbouring tokens among all in those answers: falls where the policy repeats itself.",
  },
  "on_policy/ended": {
    label: "Ended by itself",
    unit: "share of answers",
    group: "drift",
    about: "Answers that reached the end-of-sequence token.",
  },
  "objective/kl": {
    label: "Rollout KL",
    unit: "nats/seq",
    group: "rollout",
    about: "Estimated KL to the reference, summed over the tokens of each sampled answer.",
  },
  "objective/scores": {
    label: "Score",
    unit: "points",
    group: "rollout",
    about: "What the reward gave the sampled answers, penalties for missing EOS taken off.",
  },
  "objective/non_score_reward": {
    label: "KL penalty",
    unit: "points",
    group: "rollout",
    about: "Minus the KL coefficient times the KL, summed over each answer.",
  },
  "objective/rlhf_reward": {
    label: "Score with KL penalty",
    unit: "points",
    group: "rollout",
    about: "What PPO raises: score plus KL penalty.",
  },
  "objective/entropy": {
    label: "Rollout entropy",
    unit: "nats/seq",
    group: "rollout",
    about: "Of the policy at each sampled token, summed over each answer.",
  },
  "objective/length": { label: "Rollout length", unit: "tokens", group: "rollout", about: "Of the sampled answers." },
  "objective/kl_coefficient": {
    label: "KL coefficient",
    unit: "points/nat",
    group: "rollout",
    about: "What a nat of KL costs; moves where adaptive KL is on.",
  },
  "objective/pairs": {
    label: "Pairs of the round",
    unit: "pairs",
    group: "rollout",
    about: "Prompts whose best and worst answer the judge tells apart.",
  },
  "objective/score_gap": {
    label: "Best over worst",
    unit: "points",
    group: "rollout",
    about: "Distance of the two scores, mean over the round's pairs.",
  },
  "val/num_eos_tokens": {
    label: "Ended by itself",
    unit: "answers",
    group: "rollout",
    about: "Sampled answers that reached the end-of-sequence token.",
  },
  ...updateMetrics(),
  "policy/approxkl_avg": {
    label: "Approximate KL of the update",
    unit: "nats/token",
    group: "update",
    about: "½ (log π/π_old)², mean over the update's tokens; exactly 0 at its first mini-batch.",
  },
  "policy/entropy_avg": {
    label: "Policy entropy",
    unit: "nats/token",
    group: "update",
    about: "Of the policy at the sampled tokens, mean.",
  },
  "val/ratio": { label: "Ratio", unit: "", group: "update", about: "π/π_old of the update's tokens, mean." },
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
  seconds: { label: "Step time", unit: "s", group: "speed", about: "Wall time of this step." },
  tokens_per_second: {
    label: "Speed",
    unit: "tokens/s",
    group: "speed",
    about: "Tokens of the step over its wall time.",
  },
  memory: { label: "Memory", unit: "MB", group: "speed", about: "Resident memory of the trainer." },
} as const satisfies Record<string, Metric>;

/** Of an update's steps, and of each step of a replay under the shorter name. */
function updateMetrics() {
  const both = <Name extends string>(name: Name, metric: Omit<Metric, "group">) =>
    ({ [name]: { ...metric, group: "update" }, [`${name}_avg`]: { ...metric, group: "update" } }) as Record<
      Name | `${Name}_avg`,
      Metric & { group: "update" }
    >;
  return {
    ...both("loss/policy", { label: "Policy loss", unit: "", about: "PPO's clipped loss, mean over tokens." }),
    ...both("loss/value", { label: "Value loss", unit: "points²", about: "Half the clipped squared error of values." }),
    ...both("policy/clipfrac", {
      label: "Policy clip fraction",
      unit: "share of tokens",
      about: "Tokens whose ratio the clip holds back.",
    }),
    ...both("val/clipfrac", {
      label: "Value clip fraction",
      unit: "share of tokens",
      about: "Tokens whose value the clip holds back.",
    }),
  };
}

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
