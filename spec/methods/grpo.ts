// Group-relative policy optimisation, with the defaults of TRL 1.16 where the sentence names nobody else.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { isScored, unscored } from "../fields/environment";
import { enoughAnswers, grouped, tooFew } from "../fields/groups";
import { noSteps, stepsAreJudged, supervision } from "../fields/supervision";
import { ofGroups } from "./logged";
import { type ConfigOf, defineMethod } from "./method";
import { answersPerStep, fromRollouts, groupsInWords } from "./shared";

const options = z
  .strictObject({
    ...grouped,
    supervision,
    lossType: z
      .enum(["grpo", "bnpo", "dr_grpo", "dapo", "cispo", "sapo", "luspo", "vespo"])
      .default("dapo")
      .describe("Loss")
      .meta({
        ...essential(
          "How tokens are weighted: dapo all alike (TRL's default), grpo by completion, dr_grpo by a constant length; cispo, sapo and vespo clip differently",
        ),
        formerly: ["loss"],
      }),
    epsilonHigh: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe("Upper clip range")
      .meta({
        ...advanced(
          "Where it differs from ε; DAPO's authors use 0.28. For cispo the largest weight itself, 5 if empty",
        ),
        formerly: ["clipHigh"],
      }),
    delta: z
      .number()
      .gt(1)
      .nullable()
      .default(null)
      .describe("Two-sided clip δ")
      .meta(advanced("Upper bound of the ratio of tokens with a negative advantage. Empty: none")),
    importanceSamplingLevel: z
      .enum(["token", "sequence"])
      .default("token")
      .describe("Importance sampling level")
      .meta({ ...advanced("token, or the whole sequence: GSPO (Zheng et al. 2025)"), formerly: ["importance"] }),
    scaleRewards: z
      .enum(["group", "batch", "none"])
      .default("group")
      .describe("Scale rewards by")
      .meta({
        ...advanced("The standard deviation of the group, of the batch, or not at all (Dr. GRPO)"),
        formerly: ["scale"],
      }),
    beta: z
      .number()
      .min(0)
      .default(0)
      .describe("KL coefficient β")
      .meta({
        ...essential("Weight of the KL to the reference in the loss; 0 as in TRL, the DeepSeekMath paper has 0.04"),
        formerly: ["klCoefficient"],
      }),
    useBiasCorrectionKl: z
      .boolean()
      .default(true)
      .describe("Bias-corrected KL")
      .meta({
        ...advanced("Weights the KL by the importance ratio, which makes its gradient unbiased (DeepSeek-V3.2)"),
        formerly: ["unbiasedKl"],
      }),
    maskTruncatedCompletions: z
      .boolean()
      .default(false)
      .describe("Mask truncated completions")
      .meta({ ...advanced("Completions without an EOS are left out of the loss (DAPO)"), formerly: ["leaveOutCut"] }),
  })
  .refine(enoughAnswers, tooFew)
  .refine(isScored, unscored)
  .refine(stepsAreJudged, noSteps)
  .refine(({ supervision, importanceSamplingLevel: level }) => supervision === "outcome" || level === "token", {
    path: ["importanceSamplingLevel"],
    message:
      "process supervision gives each token an advantage of its own, and a ratio of the whole sequence mixes them; take token",
  });

export const grpo = defineMethod({
  ...fromRollouts,
  charts: [...fromRollouts.charts, "zeroStd", "sampledBatches"],
  name: "grpo",
  block: "grpo",
  options,
  label: "GRPO",
  about:
    "Samples groups of answers and learns from how each compares with its group; DAPO, Dr. GRPO and others as losses (Shao et al. 2024).",
  trainsCritic: false,
  scoredBy: ({ grpo }) => grpo,
  sampledAtOnce: ({ grpo }) => grpo.prompts * grpo.numGenerations,
  rowsPerStep: ({ grpo }) => answersPerStep(grpo),
  stepsPerRollout: ({ grpo }) => grpo.numIterations * grpo.numMiniBatches,
  describe: (config, { count }) => groupsInWords(config, config.grpo, count),
  mayHaveLogged: ofGroups,
});
export type GrpoConfig = ConfigOf<typeof grpo>;
