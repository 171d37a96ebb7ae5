// What is measured on completions that the policy samples for the fixed evaluation prompts, whatever the method.
import { curve, headline, result } from "./charts";
import { defineMetrics, type Metric } from "./metric";

export const onPolicy = defineMetrics({
  "on_policy/gold": {
    label: "Oracle reward",
    unit: "points",
    group: "answers",
    better: "more",
    about: "The synthetic task's own score of the same answers, hidden from training.",
    chart: "gold",
    views: headline,
  },
  "on_policy/reward": {
    label: "Reward",
    unit: "points",
    group: "answers",
    better: "more",
    about: "What the run's reward, or the reward model chosen for it, gives the completions of the evaluation prompts.",
    chart: "reward",
    views: headline,
  },
  "on_policy/kl": {
    label: "KL to reference",
    unit: "nats/seq",
    group: "answers",
    about:
      "Exact over the vocabulary, summed over the tokens of completions that the policy itself sampled for the evaluation prompts.",
    chart: "kl",
    tile: "drift",
    views: headline,
  },
  "on_policy/kl_per_token": {
    label: "KL per token",
    unit: "nats/token",
    group: "answers",
    about: "The same, divided by the tokens of those answers.",
    chart: "klPerToken",
  },
  "on_policy/win_rate": {
    label: "Win rate against the reference",
    unit: "share of prompts",
    group: "answers",
    better: "more",
    about:
      "Evaluation prompts whose completion the judge (oracle score, else the reward) puts above the reference's, drawn with the same random numbers; ties count half.",
    chart: "winRate",
    views: result,
  },
  "on_policy/length_controlled_win_rate": {
    label: "Win rate at equal length",
    unit: "share of prompts",
    group: "answers",
    better: "more",
    about:
      "What the win rate would be if both completions had the same length: AlpacaEval 2's logistic regression on the difference of lengths, of ten prompts or more.",
    chart: "winRate",
  },
  "on_policy/length": {
    label: "Answer length",
    unit: "tokens",
    group: "answers",
    about: "Mean length of those answers.",
    chart: "length",
    views: result,
  },
  "on_policy/ended": {
    label: "Ended by itself",
    unit: "share of answers",
    group: "answers",
    about: "Answers that reached the end-of-sequence token.",
    chart: "ended",
  },
  "on_policy/distinct_2": {
    label: "Distinct neighbours",
    unit: "share of token pairs",
    group: "answers",
    about: "Different pairs of neighbouring tokens among all in those answers: falls where the policy repeats itself.",
    chart: "diversity",
    views: curve,
  },
  "on_policy/repetition": {
    label: "Repetition",
    unit: "share of 4-grams",
    group: "answers",
    about: "Runs of four tokens that stood in the same answer before, mean over the answers.",
    chart: "diversity",
  },
  "on_policy/entropy": {
    label: "Generation entropy",
    unit: "nats/token",
    group: "answers",
    about: "Of the policy at the tokens of its own completions of the evaluation prompts, mean.",
    chart: "generationEntropy",
    views: curve,
  },
  "general/perplexity": {
    label: "Perplexity of general text",
    unit: "",
    group: "answers",
    better: "less",
    about:
      "exp of the mean negative log-likelihood a token of texts that have nothing to do with the run (data/general.txt): what alignment costs elsewhere. Guessing gives the size of the vocabulary; more says that such texts are strange to the model, as they are to tiny.",
    chart: "perplexity",
    views: result,
  },
});

/** Whose mean over the prompts has a standard error, `…_se`. */
const withError = [
  "on_policy/kl",
  "on_policy/reward",
  "on_policy/win_rate",
  "on_policy/length_controlled_win_rate",
  "on_policy/gold",
  "on_policy/length",
] as const;
type ErrorName = `${(typeof withError)[number]}_se`;

export function onPolicyErrors(): Record<ErrorName, Metric & { group: "answers" }> {
  const entries = withError.map((name) => {
    const { label, unit, group } = onPolicy[name];
    const about = "Standard error of that mean over the prompts.";
    return [`${name}_se`, { label: `${label}: standard error`, unit, group, about, chart: null }];
  });
  return Object.fromEntries(entries) as Record<ErrorName, Metric & { group: "answers" }>;
}
