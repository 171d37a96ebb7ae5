// Groups of answers to each prompt, as RLOO and GRPO sample them.
import type { GrpoConfig } from "../../../spec/methods/grpo";
import type { RlooConfig } from "../../../spec/methods/rloo";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { deviation, mean, sum } from "../../../spec/statistics";
import type { Example } from "../../data/dataset";
import type { Rows } from "../../data/epochs";
import { chunks } from "../../data/row-batches";
import { samplingSource } from "../../environments/sampling-source";
import type { Reward } from "../../rewards/rewards";
import { referenceOf, type Setup } from "../method";
import { createRollouts, type Rollout, type RolloutSource, type Rollouts } from "./rollout";

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
  const source = samplingSource(setup, config, sampling, prompts);
  const roles = { reward, reference: referenceOf(setup), tokenizer, critic: null };
  const sample = createRollouts(context, roles, source, { ...options, klEstimator: "k1", scorePlacement: "eos" });
  return { source, rollouts: (update) => variedRollouts(sample, update, options), reward };
}

const scoresDiffer = (group: Rollout[]) => new Set(scoresOf(group)).size > 1;

/** Of those that have a reward. */
const scoresOf = (group: Rollout[]): number[] => group.flatMap(({ score, abstained }) => (abstained ? [] : [score]));

/** Batches beyond an update's first are numbered far from those of any other. */
const apart = 1_000_000;

type Sizes = Pick<RlooConfig["rloo"], "prompts" | "numGenerations" | "dynamicSamplingBatches">;

/**
 * DAPO's dynamic sampling (Yu et al. 2025, arXiv 2503.14476, section 3.2): batches of other prompts are sampled until there are enough groups
 * whose answers do not all score alike; where the bound is met first, groups that do fill the update. The statistics are the first batch's.
 */
export function variedRollouts(
  sample: (batch: number) => Rollouts,
  update: number,
  { prompts, numGenerations, dynamicSamplingBatches }: Sizes,
): Rollouts {
  const first = sample(update);
  const [batches, groups] = [[first], chunks(first.rows, numGenerations)];
  const varied = () => groups.filter(scoresDiffer);
  while (varied().length < prompts && batches.length < dynamicSamplingBatches) {
    const more = sample(update + apart * batches.length);
    batches.push(more);
    groups.push(...chunks(more.rows, numGenerations));
  }
  const alike = groups.filter((group) => !scoresDiffer(group));
  const distances = batches.flatMap(({ samplerDistance }) => samplerDistance ?? []);
  return {
    ...first,
    rows: batches.length === 1 ? first.rows : [...varied(), ...alike].slice(0, prompts).flat(),
    samplerDistance: distances.length > 0 ? Math.max(...distances) : null,
    stats: {
      ...first.stats,
      "objective/batches": batches.length,
      rollout_seconds: sum(batches.map(({ stats }) => stats.rollout_seconds ?? 0)),
    },
  };
}

/** The mean standard deviation of scores within a group, and the share of groups whose answers all score the same: they give no gradient. */
export function groupStats({ rows }: Rollouts, { numGenerations }: { numGenerations: number }): Partial<MetricRow> {
  const deviations = chunks(rows, numGenerations).map((group) => deviation(scoresOf(group)));
  return {
    "objective/score_deviation": mean(deviations),
    frac_reward_zero_std: mean(deviations.map((value) => (value === 0 ? 1 : 0))),
  };
}
