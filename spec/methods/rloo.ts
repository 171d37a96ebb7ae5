// REINFORCE leave-one-out, with the defaults of TRL 1.16.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { enoughAnswers, grouped, tooFew } from "../fields/groups";
import { ofGroups } from "./logged";
import { type ConfigOf, defineMethod } from "./method";
import { answersPerStep, fromRollouts, groupsInWords } from "./shared";

const options = z
  .strictObject({
    ...grouped,
    klCoefficient: z
      .number()
      .min(0)
      .default(0.05)
      .describe("KL coefficient β")
      .meta(essential("What a nat of distance from the reference takes off an answer's reward")),
    normalizeAdvantages: z
      .boolean()
      .default(false)
      .describe("Normalise advantages")
      .meta(advanced("Brings the advantages of an update to mean 0 and deviation 1")),
  })
  .refine(enoughAnswers, tooFew);

/** What only TRL's GRPO logs; its RLOO logs nothing that GRPO does not. */
const onlyGrpo = /^(cispo_clip_ratio|vespo\/|entropy_coef$|policy_loss$|sampling\/|tools\/)/;

export const rloo = defineMethod({
  ...fromRollouts,
  name: "rloo",
  block: "rloo",
  options,
  label: "RLOO",
  about: "Samples groups of answers and learns from each against the mean of the others (Ahmadian et al. 2024).",
  trainsCritic: false,
  scoredBy: ({ rloo }) => rloo,
  rowsPerStep: ({ rloo }) => answersPerStep(rloo),
  stepsPerRollout: ({ rloo }) => rloo.epochs * rloo.miniBatches,
  describe: (config, { count }) => groupsInWords(config, config.rloo, count),
  mayHaveLogged: (names) => ofGroups(names) && ![...names].some((name) => onlyGrpo.test(name)),
});
export type RlooConfig = ConfigOf<typeof rloo>;
