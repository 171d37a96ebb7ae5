// REINFORCE leave-one-out, with the defaults of TRL 1.16.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { isScored, unscored } from "../fields/environment";
import { enoughAnswers, grouped, tooFew } from "../fields/groups";
import { ofGroups } from "./logged";
import { type ConfigOf, defineMethod } from "./method";
import { answersPerStep, fromRollouts, groupsInWords } from "./shared";

const options = z
  .strictObject({
    ...grouped,
    beta: z
      .number()
      .min(0)
      .default(0.05)
      .describe("KL coefficient β")
      .meta({
        ...essential("Penalty on a completion's reward for each nat of divergence from the reference"),
        formerly: ["klCoefficient"],
      }),
    normalizeAdvantages: z
      .boolean()
      .default(false)
      .describe("Normalize advantages")
      .meta(advanced("To mean 0 and standard deviation 1 over an update")),
  })
  .refine(enoughAnswers, tooFew)
  .refine(isScored, unscored);

/** What only TRL's GRPO logs; its RLOO logs nothing that GRPO does not. */
const onlyGrpo = /^(cispo_clip_ratio|vespo\/|entropy_coef$|policy_loss$|sampling\/|tools\/)/;

export const rloo = defineMethod({
  ...fromRollouts,
  charts: [...fromRollouts.charts, "zeroStd", "sampledBatches"],
  name: "rloo",
  block: "rloo",
  options,
  label: "RLOO",
  about: "Samples groups of answers and learns from each against the mean of the others (Ahmadian et al. 2024).",
  trainsCritic: false,
  scoredBy: ({ rloo }) => rloo,
  sampledAtOnce: ({ rloo }) => rloo.prompts * rloo.numGenerations,
  rowsPerStep: ({ rloo }) => answersPerStep(rloo),
  stepsPerRollout: ({ rloo }) => rloo.numIterations * rloo.numMiniBatches,
  describe: (config, { count }) => groupsInWords(config, config.rloo, count),
  mayHaveLogged: (names) => ofGroups(names) && ![...names].some((name) => onlyGrpo.test(name)),
});
export type RlooConfig = ConfigOf<typeof rloo>;
