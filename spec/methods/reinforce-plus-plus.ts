// REINFORCE++: PPO's clipped loss without a critic, its advantages normalised over the whole update (Hu et al. 2025).
import { z } from "zod";
import { essential } from "../field-meta";
import { isScored, unscored } from "../fields/environment";
import { enoughAnswers, grouped, tooFew } from "../fields/groups";
import { type ConfigOf, defineMethod } from "./method";
import { answersPerStep, fromRollouts, groupsInWords } from "./shared";

const { dynamicSamplingBatches: _, ...sampled } = grouped; // completions that score alike do teach here

const options = z
  .strictObject({
    ...sampled,
    prompts: grouped.prompts.default(64),
    numGenerations: z
      .int()
      .min(1)
      .max(256)
      .default(1)
      .describe("Completions per prompt")
      .meta(
        essential("One is enough: advantages are normalized over the whole update. The group baseline takes several"),
      ),
    baseline: z
      .enum(["batch", "group"])
      .default("batch")
      .describe("Baseline")
      .meta(
        essential(
          "batch: the mean of the update; group: the mean score of the prompt's own completions is taken off first (REINFORCE++-baseline)",
        ),
      ),
    beta: z
      .number()
      .min(0)
      .default(0.01)
      .describe("KL coefficient β")
      .meta(essential("Penalty on each token's reward for each nat that it is likelier than under the reference")),
  })
  .refine(enoughAnswers, tooFew)
  .refine(isScored, unscored)
  .refine(({ numGenerations, baseline }) => baseline === "batch" || numGenerations > 1, {
    path: ["numGenerations"],
    message: "the group baseline compares completions: ask for two or more",
  });

export const reinforcePlusPlus = defineMethod({
  ...fromRollouts,
  charts: [...fromRollouts.charts, "klPenalty"],
  name: "reinforce-plus-plus",
  block: "reinforcePlusPlus",
  options,
  label: "REINFORCE++",
  about:
    "PPO's clipped loss without a critic: each token's reward to come, KL taken off, normalized over the update (Hu et al. 2025).",
  trainsCritic: false,
  scoredBy: ({ reinforcePlusPlus }) => reinforcePlusPlus,
  sampledAtOnce: ({ reinforcePlusPlus }) => reinforcePlusPlus.prompts * reinforcePlusPlus.numGenerations,
  rowsPerStep: ({ reinforcePlusPlus }) => answersPerStep(reinforcePlusPlus),
  stepsPerRollout: ({ reinforcePlusPlus }) => reinforcePlusPlus.numIterations * reinforcePlusPlus.numMiniBatches,
  describe: (config, { count }) => groupsInWords(config, config.reinforcePlusPlus, count),
  mayHaveLogged: (names) => names.has("objective/rlhf_reward") && !names.has("loss/value_avg"),
});
export type ReinforcePlusPlusConfig = ConfigOf<typeof reinforcePlusPlus>;
