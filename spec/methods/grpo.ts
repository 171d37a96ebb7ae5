// Group-relative policy optimisation, with the defaults of TRL 1.16 where the sentence names nobody else.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { enoughAnswers, grouped, tooFew } from "../fields/groups";
import { ofGroups } from "./logged";
import { type ConfigOf, defineMethod } from "./method";
import { answersPerStep, fromRollouts, groupsInWords } from "./shared";

const options = z
  .strictObject({
    ...grouped,
    loss: z
      .enum(["grpo", "bnpo", "dr_grpo", "dapo", "cispo", "sapo", "luspo", "vespo"])
      .default("dapo")
      .describe("Loss")
      .meta(
        essential(
          "How tokens are weighed: dapo all alike (TRL's default), grpo answers alike, dr_grpo without any length, cispo, sapo and vespo with other clips",
        ),
      ),
    clipHigh: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe("Upper clip")
      .meta(
        advanced("Where it differs from ε; DAPO's authors have 0.28. For cispo the largest weight itself, 5 if empty"),
      ),
    delta: z
      .number()
      .gt(1)
      .nullable()
      .default(null)
      .describe("Two-sided clip δ")
      .meta(advanced("No ratio counts beyond this, for bad tokens that grew likelier. Empty: none")),
    importance: z
      .enum(["token", "sequence"])
      .default("token")
      .describe("Ratio of")
      .meta(advanced("token, or the whole sequence: GSPO (Zheng et al. 2025)")),
    scale: z
      .enum(["group", "batch", "none"])
      .default("group")
      .describe("Scale scores by")
      .meta(advanced("The group's deviation, the whole update's, or nothing (Dr. GRPO)")),
    klCoefficient: z
      .number()
      .min(0)
      .default(0)
      .describe("KL coefficient β")
      .meta(essential("Weight of the KL to the reference in the loss; 0 as in TRL, DeepSeek's paper has 0.04")),
    unbiasedKl: z
      .boolean()
      .default(true)
      .describe("Unbiased KL")
      .meta(advanced("Weighs the KL by the ratio, so that its gradient is that of the KL (DeepSeek-V3.2)")),
    leaveOutCut: z
      .boolean()
      .default(false)
      .describe("Leave cut answers out")
      .meta(advanced("Answers that reached no end are not learnt from (DAPO)")),
  })
  .refine(enoughAnswers, tooFew);

export const grpo = defineMethod({
  ...fromRollouts,
  name: "grpo",
  block: "grpo",
  options,
  label: "GRPO",
  about:
    "Samples groups of answers and learns from how each compares with its group; DAPO, Dr. GRPO and others as losses (Shao et al. 2024).",
  trainsCritic: false,
  scoredBy: ({ grpo }) => grpo,
  rowsPerStep: ({ grpo }) => answersPerStep(grpo),
  stepsPerRollout: ({ grpo }) => grpo.epochs * grpo.miniBatches,
  describe: (config, { count }) => groupsInWords(config, config.grpo, count),
  mayHaveLogged: ofGroups,
});
export type GrpoConfig = ConfigOf<typeof grpo>;
