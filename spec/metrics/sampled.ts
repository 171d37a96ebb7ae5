// What is measured on answers that the policy samples itself: to the fixed prompts (any method), in rollouts, and in PPO's updates.
import type { Metric } from "./catalogue";

/** Of the answers to the fixed prompts. */
export const onPolicy = {
  "on_policy/kl": {
    label: "KL to reference",
    unit: "nats/seq",
    group: "answers",
    about:
      "Exact over the vocabulary, summed over the tokens of answers that the policy itself sampled to the fixed prompts.",
  },
  "on_policy/kl_per_token": {
    label: "KL per token",
    unit: "nats/token",
    group: "answers",
    about: "The same, divided by the tokens of those answers.",
  },
  "on_policy/reward": {
    label: "Reward",
    unit: "points",
    group: "answers",
    about: "What the run's reward, or the reward model chosen for it, gives the answers to the fixed prompts.",
  },
  "on_policy/win_rate": {
    label: "Win rate against the reference",
    unit: "share of prompts",
    group: "answers",
    about:
      "Fixed prompts whose answer the judge (gold score, else the reward) puts above the reference's, drawn with the same random numbers; ties count half.",
  },
  "on_policy/entropy": {
    label: "Entropy of its answers",
    unit: "nats/token",
    group: "answers",
    about: "Of the policy at the tokens of its own answers to the fixed prompts, mean.",
  },
  "on_policy/repetition": {
    label: "Repetition",
    unit: "share of 4-grams",
    group: "answers",
    about: "Runs of four tokens that stood in the same answer before, mean over the answers.",
  },
  "general/perplexity": {
    label: "Perplexity of general text",
    unit: "",
    group: "answers",
    about:
      "exp of the mean negative log-likelihood a token of texts that have nothing to do with the run (data/general.txt): what alignment costs elsewhere.",
  },
  "on_policy/gold": {
    label: "Gold reward",
    unit: "points",
    group: "answers",
    about: "The synthetic task's own score of the same answers, hidden from training.",
  },
  "on_policy/length": {
    label: "Answer length",
    unit: "tokens",
    group: "answers",
    about: "Mean length of those answers.",
  },
  "on_policy/distinct_2": {
    label: "Distinct neighbours",
    unit: "share of token pairs",
    group: "answers",
    about: "Different pairs of neighbouring tokens among all in those answers: falls where the policy repeats itself.",
  },
  "on_policy/ended": {
    label: "Ended by itself",
    unit: "share of answers",
    group: "answers",
    about: "Answers that reached the end-of-sequence token.",
  },
} as const satisfies Record<string, Metric>;

/** Whose mean over the prompts has a standard error, `…_se`. */
const withError = [
  "on_policy/kl",
  "on_policy/reward",
  "on_policy/win_rate",
  "on_policy/gold",
  "on_policy/length",
] as const;
type ErrorName = `${(typeof withError)[number]}_se`;

export function onPolicyErrors(): Record<ErrorName, Metric & { group: "answers" }> {
  const entries = withError.map((name) => {
    const { label, unit, group } = onPolicy[name];
    const about = "Standard error of that mean over the prompts.";
    return [`${name}_se`, { label: `${label}: standard error`, unit, group, about }];
  });
  return Object.fromEntries(entries) as Record<ErrorName, Metric & { group: "answers" }>;
}

/** Of the answers that a step learns from. */
export const rollout = {
  "objective/kl": {
    label: "Rollout KL",
    unit: "nats/seq",
    group: "rollout",
    about: "Estimated KL to the reference, summed over the tokens of each sampled answer.",
  },
  "objective/kl_per_token": {
    label: "Rollout KL per token",
    unit: "nats/token",
    group: "rollout",
    about: "Estimated KL to the reference, mean over the tokens of the sampled answers, as TRL's GRPO and RLOO log it.",
  },
  "objective/cut": {
    label: "Cut answers",
    unit: "share of answers",
    group: "rollout",
    about: "Sampled answers that reached the longest length without an end, as TRL's GRPO and RLOO log it.",
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
  "objective/score_deviation": {
    label: "Deviation in a group",
    unit: "points",
    group: "rollout",
    about: "Standard deviation of the scores of the answers to a prompt, mean over the prompts.",
  },
  "objective/score_spread": {
    label: "Spread of scores",
    unit: "points",
    group: "rollout",
    about: "Standard deviation of the scores of all sampled answers of the update.",
  },
  "objective/repeated": {
    label: "Repeated answers",
    unit: "share",
    group: "rollout",
    about: "Sampled answers that say what an earlier one of the update says, to the last token.",
  },
  "objective/flat_groups": {
    label: "Flat groups",
    unit: "share of prompts",
    group: "rollout",
    about: "Prompts whose answers all score alike: nothing is learnt from them.",
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
} as const satisfies Record<string, Metric>;

/** The parts that a reward is made of, each before its weight. */
export function partMetrics() {
  const abouts = {
    model: ["Reward model", "points", "Score of the reward model, or what an ensemble's models say together."],
    deviation: ["Ensemble deviation", "points", "How far the reward models of an ensemble lie apart."],
    gold: ["Gold score of rollouts", "points", "The synthetic task's own score of the sampled answers."],
    length: ["Rule: length", "of 1", "1 where an answer is as long as it should be."],
    format: ["Rule: format", "of 1", "The share of the wanted parts that an answer holds in order."],
    pattern: ["Rule: pattern", "of 1", "1 where the regular expression matches."],
    json: ["Rule: JSON", "of 1", "1 where the whole answer is valid JSON."],
  } as const;
  const entries = Object.entries(abouts).map(([name, [label, unit, about]]) => [
    `score/${name}`,
    { label, unit, group: "rollout", about: `${about} Mean over the rollouts.` },
  ]);
  return Object.fromEntries(entries) as Record<`score/${keyof typeof abouts}`, Metric & { group: "rollout" }>;
}

/** Of PPO's steps on a rollout. */
export const update = {
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
  "val/explained_variance": {
    label: "Explained variance",
    unit: "share",
    group: "update",
    about: "Of the returns by the critic's values: 1 is all; below 0 the mean of the returns would predict better.",
  },
  "val/ratio": { label: "Ratio", unit: "", group: "update", about: "π/π_old of the update's tokens, mean." },
} as const satisfies Record<string, Metric>;

/** Of an update's steps, and of each step of a replay under the shorter name. */
export function updateMetrics() {
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
