// Groups of answers to each prompt, as RLOO and GRPO sample them.

import type { RunConfig } from "../../../spec/config";
import type { GrpoConfig } from "../../../spec/methods/grpo";
import type { RlooConfig } from "../../../spec/methods/rloo";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { deviation, mean } from "../../../spec/statistics";
import { chunks } from "../../data/row-batches";
import type { RolloutOptions, Rollouts } from "./rollout";

/** Their KL is of the whole answer, so its estimate is the log-ratio itself. */
export const groupRollouts = (
  { seed, data }: RunConfig,
  block: RlooConfig["rloo"] | GrpoConfig["grpo"],
): RolloutOptions => ({
  ...block,
  seed,
  order: data.order,
  klEstimator: "k1",
  scorePlacement: "eos",
});

/** How far the answers to a prompt lie apart, and the share of prompts whose answers all score alike and teach nothing. */
export function groupStats({ rows }: Rollouts, { samples }: { samples: number }): Partial<MetricRow> {
  const deviations = chunks(
    rows.map(({ score }) => score),
    samples,
  ).map(deviation);
  return {
    "objective/score_deviation": mean(deviations),
    "objective/flat_groups": mean(deviations.map((value) => (value === 0 ? 1 : 0))),
  };
}
