// The blocks of RLOO and GRPO, with the defaults of TRL 1.16 where the sentence names nobody else.
import { z } from "zod";
import { advanced, essential } from "./field";
import { rewardSource } from "./rewards";
import {
  clip,
  miniBatches,
  missingEosPenalty,
  normalizeReward,
  responseLength,
  rewardClip,
  temperature,
} from "./sampled";

/** What RLOO and GRPO share: groups of answers to each prompt, scored against each other. */
const grouped = {
  prompts: z.int().min(1).max(4096).default(8).describe("Prompts").meta(essential("Asked in each update")),
  samples: z
    .int()
    .min(2)
    .max(256)
    .default(8)
    .describe("Answers a prompt")
    .meta(essential("A group, whose scores are compared with each other")),
  responseLength,
  temperature,
  epochs: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe("Epochs of an update")
    .meta(advanced("How often an update goes through its answers")),
  miniBatches,
  clip,
  missingEosPenalty: missingEosPenalty.default(0),
  normalizeReward,
  rewardClip,
  reward: rewardSource.prefault({}),
};
const enoughAnswers = ({ prompts, samples, miniBatches }: { prompts: number; samples: number; miniBatches: number }) =>
  prompts * samples >= miniBatches;
const tooFew = { path: ["miniBatches"], message: "more mini-batches than answers to cut into them" };

export const rloo = z
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

export const grpo = z
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
