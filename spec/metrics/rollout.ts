// What on-policy methods measure of their rollouts, and of the steps that learn from them, under the names of TRL's PPO, or else those of its
// GRPO and RLOO. What the two call by different names (objective/scores, reward) has one here, so that all methods share a chart.
import { curve } from "./charts";
import { defineMetrics, type Metric } from "./metric";

/** Of the answers that a step learns from. */
export const rollout = defineMetrics({
  "objective/kl": {
    label: "Rollout KL",
    unit: "nats/seq",
    group: "rollout",
    about: "Estimated KL to the reference, summed over the tokens of each sampled answer.",
    chart: "rolloutKl",
  },
  "objective/kl_per_token": {
    label: "Rollout KL per token",
    unit: "nats/token",
    group: "rollout",
    about: "Estimated KL to the reference, mean over the tokens of the sampled answers, as TRL's GRPO and RLOO log it.",
    chart: "rolloutKlPerToken",
  },
  "completions/clipped_ratio": {
    label: "Truncated completions",
    unit: "share of answers",
    group: "rollout",
    about: "Sampled completions that reached the max length without an EOS.",
    chart: "truncated",
  },
  "objective/scores": {
    label: "Score",
    unit: "points",
    group: "rollout",
    about: "What the reward gave the sampled answers, penalties for missing EOS taken off.",
    chart: "rolloutReward",
    tile: "learning",
    views: curve,
  },
  "objective/non_score_reward": {
    label: "KL penalty",
    unit: "points",
    group: "rollout",
    about: "Minus the KL coefficient times the KL, summed over each answer.",
    chart: "klPenalty",
  },
  "objective/rlhf_reward": {
    label: "Score with KL penalty",
    unit: "points",
    group: "rollout",
    about: "What PPO and REINFORCE++ raise: score plus KL penalty.",
    chart: "rolloutReward",
  },
  "objective/entropy": {
    label: "Rollout entropy",
    unit: "nats/seq",
    group: "rollout",
    about: "Of the policy at each sampled token, summed over each answer.",
    chart: "rolloutEntropy",
  },
  "completions/mean_length": {
    label: "Rollout length",
    unit: "tokens",
    group: "rollout",
    about: "Of the sampled answers.",
    chart: "rolloutLength",
  },
  "completions/mean_turns": {
    label: "Turns per rollout",
    unit: "turns",
    group: "rollout",
    about: "How often the policy spoke in an episode, mean over the rollouts.",
    chart: "rolloutTurns",
  },
  "completions/mean_steps": {
    label: "Steps per rollout",
    unit: "steps",
    group: "rollout",
    about:
      "Steps of an answer that a process reward model rewards, mean over the rollouts. Where they grow more and shorter while the oracle or the right answers do not follow, the policy earns by their number.",
    chart: "rolloutSteps",
  },
  "objective/kl_coefficient": {
    label: "KL coefficient",
    unit: "points/nat",
    group: "rollout",
    about: "What a nat of KL costs; moves where adaptive KL is on.",
    chart: "klCoefficient",
  },
  "objective/pairs": {
    label: "Pairs of the round",
    unit: "pairs",
    group: "rollout",
    about: "Prompts whose best and worst answer the judge tells apart.",
    chart: "pairs",
  },
  "objective/kept": {
    label: "Completions kept",
    unit: "answers",
    group: "rollout",
    about: "The round's answers that are learnt from: the best to each prompt.",
    chart: "kept",
  },
  "objective/kept_scores": {
    label: "Score of what is kept",
    unit: "points",
    group: "rollout",
    about: "Mean over the answers that are learnt from.",
    chart: "rolloutReward",
  },
  "objective/win_rate_range": {
    label: "Win rates within a prompt",
    unit: "share",
    group: "rollout",
    about:
      "The highest win rate of the answers to a prompt minus the lowest, mean over the prompts: 0 where the judge cannot tell them apart.",
    chart: "winRates",
  },
  "rewards/probabilities": {
    label: "Win probability",
    unit: "share",
    group: "rollout",
    about: "How probable it is that the judge prefers the policy's answer to the opponent's, mean over the prompts.",
    chart: "opponent",
  },
  "objective/score_deviation": {
    label: "Reward std within a group",
    unit: "points",
    group: "rollout",
    about: "Standard deviation of the scores of the answers to a prompt, mean over the prompts.",
    chart: "rewardStd",
  },
  reward_std: {
    label: "Reward std",
    unit: "points",
    group: "rollout",
    about: "Standard deviation of the scores of all sampled answers of the update.",
    chart: "rewardStd",
  },
  "objective/repeated": {
    label: "Repeated answers",
    unit: "share",
    group: "rollout",
    about: "Sampled completions that are identical to an earlier one of the update.",
    chart: "repeated",
  },
  frac_reward_zero_std: {
    label: "Groups without reward variance",
    unit: "share of prompts",
    group: "rollout",
    about: "Prompts whose answers all score alike: nothing is learnt from them.",
    chart: "zeroStd",
  },
  "objective/batches": {
    label: "Batches sampled",
    unit: "batches",
    group: "rollout",
    about:
      "Batches that an update sampled until it had enough prompts whose answers score differently (dynamic sampling).",
    chart: "sampledBatches",
  },
  "objective/score_gap": {
    label: "Best over worst",
    unit: "points",
    group: "rollout",
    about: "Distance of the two scores, mean over the round's pairs.",
    chart: "bestOverWorst",
  },
  "val/num_eos_tokens": {
    label: "Ended by itself",
    unit: "answers",
    group: "rollout",
    about: "Sampled answers that reached the end-of-sequence token.",
    chart: "rolloutsEnded",
  },
});

/** The parts that a reward is made of, each before its weight. */
export function partMetrics() {
  const abouts = {
    model: [
      "Reward model",
      "points",
      "rewardParts",
      "Score of the reward model, or what an ensemble's models say together.",
    ],
    deviation: ["Ensemble deviation", "points", "ensemble", "How far the reward models of an ensemble lie apart."],
    gold: [
      "Oracle score of rollouts",
      "points",
      "rewardParts",
      "The synthetic task's own score of the sampled answers.",
    ],
    remote: ["Reward over HTTP", "points", "rewardParts", "What the program at the reward's address says."],
    function: [
      "Reward function",
      "points",
      "rewardParts",
      "What the run's own function says of the answers it scores.",
    ],
    grader: ["Grader", "points", "rewardParts", "What the endpoint that grades completions gives them, from 0 to 1."],
    environment: ["Environment", "points", "rewardParts", "The environment's rewards, summed over an episode."],
    length: ["Rule: length", "of 1", "ruleRewards", "1 where an answer is as long as it should be."],
    format: ["Rule: format", "of 1", "ruleRewards", "The share of the wanted parts that an answer holds in order."],
    pattern: ["Rule: pattern", "of 1", "ruleRewards", "1 where the regular expression matches."],
    json: ["Rule: JSON", "of 1", "ruleRewards", "1 where the whole answer is valid JSON."],
    jsonSchema: ["Rule: JSON schema", "of 1", "ruleRewards", "1 where an answer is JSON that fits the schema."],
    answer: ["Rule: right answer", "of 1", "ruleRewards", "1 where an answer is the one of its row."],
    language: ["Rule: language", "of 1", "ruleRewards", "1 where an answer is in the language that was asked for."],
    think: ["Rule: reasoning in tags", "of 1", "ruleRewards", "1 where an answer begins with <think>…</think>."],
    overlong: ["Rule: overlong", "of 1", "ruleRewards", "0, or down to −1 where an answer is too long."],
    repetition: ["Rule: repetition", "of 1", "ruleRewards", "Minus the share of an answer that repeats itself."],
  } as const;
  const entries = Object.entries(abouts).map(([name, [label, unit, chart, about]]) => [
    `score/${name}`,
    { label, unit, group: "rollout", about: `${about} Mean over the rollouts.`, chart },
  ]);
  return Object.fromEntries(entries) as Record<`score/${keyof typeof abouts}`, Metric & { group: "rollout" }>;
}

/** Of the steps on a rollout. */
export const update = defineMetrics({
  "policy/approxkl_avg": {
    label: "Approximate KL of the update",
    unit: "nats/token",
    group: "update",
    about: "½ (log π/π_old)², mean over the update's tokens; exactly 0 at its first mini-batch.",
    chart: "approxKl",
  },
  "policy/entropy_avg": {
    label: "Policy entropy",
    unit: "nats/token",
    group: "update",
    about: "Of the policy at the sampled tokens, mean.",
    chart: "policyEntropy",
  },
  ptx_loss: {
    label: "Loss on the pre-training mix",
    unit: "nats/token",
    group: "update",
    better: "less",
    about:
      "Negative log-likelihood of the texts that the step learns beside its completions, before the coefficient γ.",
    chart: "ptxLoss",
  },
  "val/explained_variance": {
    label: "Explained variance",
    unit: "share",
    group: "update",
    about: "Of the returns by the critic's values: 1 is all; below 0 the mean of the returns would predict better.",
    chart: "explainedVariance",
  },
  "val/ratio": {
    label: "Ratio",
    unit: "",
    group: "update",
    about: "π/π_old of the update's tokens, mean.",
    chart: "ratio",
  },
});

/** Of an update's steps, and of each step of a replay under the shorter name. */
export function updateMetrics() {
  const both = <Name extends string>(name: Name, metric: Omit<Metric, "group">) =>
    ({
      [name]: { ...metric, group: "update", chart: null },
      [`${name}_avg`]: { ...metric, group: "update" },
    }) as Record<Name | `${Name}_avg`, Metric & { group: "update" }>;
  return {
    ...both("loss/policy", {
      label: "Policy loss",
      unit: "",
      about: "PPO's clipped loss, mean over tokens.",
      chart: "policyLoss",
    }),
    ...both("loss/value", {
      label: "Value loss",
      unit: "points²",
      about: "Half the clipped squared error of values.",
      chart: "valueLoss",
    }),
    ...both("policy/clipfrac", {
      label: "Policy clip fraction",
      unit: "share of tokens",
      about: "Tokens whose ratio the clip holds back.",
      chart: "clipFraction",
    }),
    ...both("val/clipfrac", {
      label: "Value clip fraction",
      unit: "share of tokens",
      about: "Tokens whose value the clip holds back.",
      chart: "clipFraction",
    }),
  };
}
