// Groups of answers to each prompt, as RLOO and GRPO sample them.
import type { GrpoConfig } from "../../../spec/methods/grpo";
import type { RlooConfig } from "../../../spec/methods/rloo";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { deviation, mean } from "../../../spec/statistics";
import type { Example } from "../../data/dataset";
import type { Rows } from "../../data/epochs";
import { chunks } from "../../data/row-batches";
import type { Reward } from "../../rewards/rewards";
import { referenceOf, type Setup } from "../method";
import { createRollouts, type RolloutSource, type Rollouts, samplingSource } from "./rollout";

interface Groups {
  source: RolloutSource;
  rollouts(update: number): Rollouts;
  reward: Reward;
}

/** Samples groups and scores them. The KL is that of the whole answer, so its estimator is k1, the log-ratio itself. */
export function createGroups(setup: Setup, config: RlooConfig | GrpoConfig, prompts: Rows<Example<unknown>>): Groups {
  const { context, tokenizer, createReward } = setup;
  const options = config.method === "rloo" ? config.rloo : config.grpo;
  const reward = createReward(options.reward, options.normalizeReward);
  const sampling = { ...options, epochs: options.numIterations };
  const source = samplingSource(context, tokenizer, config, sampling, prompts);
  const roles = { reward, reference: referenceOf(setup), tokenizer, critic: null };
  const rollouts = createRollouts(context, roles, source, { ...options, klEstimator: "k1", scorePlacement: "eos" });
  return { source, rollouts, reward };
}

/** The mean standard deviation of scores within a group, and the share of groups whose answers all score the same: they give no gradient. */
export function groupStats({ rows }: Rollouts, { numGenerations }: { numGenerations: number }): Partial<MetricRow> {
  const deviations = chunks(
    rows.map(({ score }) => score),
    numGenerations,
  ).map(deviation);
  return {
    "objective/score_deviation": mean(deviations),
    frac_reward_zero_std: mean(deviations.map((value) => (value === 0 ? 1 : 0))),
  };
}
