// What a step measures of the batch that it learns from. Names are TRL's.
import { curve, headline } from "./charts";
import { defineMetrics } from "./metric";

export const learning = defineMetrics({
  loss: {
    label: "Loss",
    unit: "nats",
    group: "learning",
    about: "Mean loss of the step's batch, before its update. DPO starts at log 2 = 0.693.",
    chart: "loss",
    tile: "loss",
    views: curve,
    heldOut: { chart: "loss", views: ["checkpoints"] },
  },
  grad_norm: {
    label: "Gradient norm",
    unit: "L2",
    group: "learning",
    about: "Global norm of the gradient before clipping.",
    chart: "gradientNorm",
  },
  learning_rate: {
    label: "Learning rate",
    unit: "",
    group: "learning",
    about: "Of this step, after the schedule.",
    chart: "learningRate",
  },
  mean_token_accuracy: {
    label: "Token accuracy",
    unit: "share of tokens",
    group: "learning",
    about: "Scored tokens (of chosen answers, where there are pairs) that the policy finds likeliest.",
    chart: "tokenAccuracy",
    tile: "learning",
  },
  entropy: {
    label: "Entropy",
    unit: "nats/token",
    group: "learning",
    about: "Of the policy's distribution at the scored tokens, mean.",
    chart: "entropy",
  },
  nll_loss: {
    label: "Likelihood term",
    unit: "nats/token",
    group: "learning",
    about: "Negative log-likelihood of the chosen answers' tokens, before its weight in the loss.",
    chart: "nll",
  },
});

/** Of pairs, and of answers that are good or bad by themselves. */
export const rewards = defineMetrics({
  "rewards/accuracies": {
    label: "Accuracy",
    unit: "share of pairs",
    group: "rewards",
    better: "more",
    about: "Pairs whose chosen answer has the higher implicit reward.",
    chart: "accuracy",
    tile: "learning",
    heldOut: { chart: "accuracy", tile: "learning", views: headline },
  },
  "rewards/margins": {
    label: "Margin",
    unit: "β·nats",
    group: "rewards",
    about: "Chosen minus rejected reward. This is what DPO raises.",
    chart: "rewards",
    tile: "learning",
    views: curve,
    heldOut: { chart: null, tile: "learning" },
  },
  "rewards/chosen": {
    label: "Chosen reward",
    unit: "β·nats",
    group: "rewards",
    about: "β·log(π/π_ref) of chosen answers. It may fall while the margin grows.",
    chart: "rewards",
  },
  "rewards/rejected": {
    label: "Rejected reward",
    unit: "β·nats",
    group: "rewards",
    about: "β·log(π/π_ref) of rejected answers.",
    chart: "rewards",
  },
  "logps/chosen": {
    label: "Chosen log-prob",
    unit: "nats/seq",
    group: "rewards",
    about: "log π of chosen answers, summed over their tokens.",
    chart: "logProbs",
  },
  "logps/rejected": {
    label: "Rejected log-prob",
    unit: "nats/seq",
    group: "rewards",
    about: "log π of rejected answers, summed over their tokens.",
    chart: "logProbs",
  },
  "logits/chosen": {
    label: "Chosen mean logit",
    unit: "nats",
    group: "rewards",
    about: "Mean score before softmax over the vocabulary, at the tokens of chosen answers.",
    chart: "logits",
  },
  "logits/rejected": {
    label: "Rejected mean logit",
    unit: "nats",
    group: "rewards",
    about: "Mean score before softmax over the vocabulary, at the tokens of rejected answers.",
    chart: "logits",
  },
  log_odds_ratio: {
    label: "log σ of the odds ratio",
    unit: "nats",
    group: "rewards",
    about: "ORPO: mean log σ of the log odds ratio.",
    chart: "logOdds",
  },
  log_odds_chosen: {
    label: "Log odds ratio",
    unit: "nats",
    group: "rewards",
    about: "ORPO: log odds of the chosen answer over the rejected one's.",
    chart: "logOdds",
  },
  kl: {
    label: "Reference point",
    unit: "nats/seq",
    group: "drift",
    about:
      "KTO: mean log(π/π_ref) of answers beside prompts that they were not given to, at least 0; as BCO, the mean log(π/π_ref) of all answers learnt from so far. Not the policy's own KL.",
    chart: "referencePoint",
  },
});

/** Of distillation. */
export const teacher = defineMetrics({
  "teacher/kl": {
    label: "KL to teacher",
    unit: "nats/token",
    group: "learning",
    better: "less",
    about:
      "KL(student ‖ teacher) over the vocabulary at the scored tokens, whatever the divergence that is trained on.",
    chart: "teacherKl",
    tile: "learning",
    heldOut: { chart: "teacherKl", tile: "learning", views: headline },
  },
  "teacher/sampled_kl": {
    label: "Sampled KL to teacher",
    unit: "nats/token",
    group: "learning",
    better: "less",
    about:
      "MiniLLM: log π_student − log π_teacher of the student's own completions, from each token on, as its policy gradient weighs them: a sum per token without length normalization.",
    chart: "teacherKl",
  },
  "teacher/agreement": {
    label: "Agreement with the teacher",
    unit: "share of tokens",
    group: "learning",
    better: "more",
    about: "Scored tokens at which student and teacher find the same token likeliest.",
    chart: "teacherAgreement",
    heldOut: { chart: "teacherAgreement", views: ["checkpoints"] },
  },
});

/** Of reward models. */
export const rewardModel = defineMetrics({
  accuracy: {
    label: "Accuracy",
    unit: "share of pairs",
    group: "rewards",
    better: "more",
    about: "Pairs whose chosen answer the reward model scores higher.",
    chart: "accuracy",
    tile: "learning",
    heldOut: { chart: "accuracy", tile: "learning", views: headline },
  },
  margin: {
    label: "Margin",
    unit: "points",
    group: "rewards",
    about: "Chosen minus rejected score of the reward model.",
    chart: "margin",
    tile: "drift",
    heldOut: { chart: "margin", tile: "drift" },
  },
  mean_reward: {
    label: "Mean score",
    unit: "points",
    group: "rewards",
    about: "Of all answers of the batch.",
    chart: "scores",
  },
  min_reward: {
    label: "Lowest score",
    unit: "points",
    group: "rewards",
    about: "Of all answers of the batch.",
    chart: "scores",
  },
  max_reward: {
    label: "Highest score",
    unit: "points",
    group: "rewards",
    about: "Of all answers of the batch.",
    chart: "scores",
  },
  step_accuracy: {
    label: "Step accuracy",
    unit: "share of steps",
    group: "rewards",
    better: "more",
    about:
      "Steps whose predicted probability of being correct is above ½ where they are correct, and at most ½ where they are not.",
    chart: "stepAccuracy",
    tile: "learning",
    heldOut: { chart: "stepAccuracy", tile: "learning", views: headline },
  },
  first_error_accuracy: {
    label: "First-error accuracy",
    unit: "share of solutions",
    group: "rewards",
    better: "more",
    about:
      "Solutions in which the first step predicted to be wrong is the first wrong one, and correct ones in which none is predicted to be wrong.",
    chart: "firstErrors",
    heldOut: { chart: "firstErrors", views: ["checkpoints"] },
  },
  "steps/right": {
    label: "Score of correct steps",
    unit: "probability",
    group: "rewards",
    about: "Mean predicted probability of being correct, over correct steps.",
    chart: "stepScores",
    heldOut: { chart: "stepScores" },
  },
  "steps/wrong": {
    label: "Score of incorrect steps",
    unit: "probability",
    group: "rewards",
    about: "Mean predicted probability of being correct, over incorrect steps.",
    chart: "stepScores",
    heldOut: { chart: "stepScores" },
  },
});
