// Fields that RLOO and GRPO share: groups of answers to each prompt, scored against each other. Defaults are TRL 1.16's.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { environment } from "./environment";
import { ptx } from "./ptx";
import { rewardParts } from "./rewards";
import {
  maxCompletionLength,
  missingEosPenalty,
  normalizeReward,
  numMiniBatches,
  rewardClip,
  temperature,
} from "./sampled";

export const grouped = {
  prompts: z
    .int()
    .min(1)
    .max(4096)
    .default(8)
    .describe("Prompts per update")
    .meta(essential("How many prompts are sampled from in each update")),
  numGenerations: z
    .int()
    .min(2)
    .max(256)
    .default(8)
    .describe("Completions per prompt")
    .meta({
      ...essential("The group of completions whose rewards are compared with each other"),
      formerly: ["samples"],
    }),
  maxCompletionLength,
  temperature,
  numIterations: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe("Iterations per update (μ)")
    .meta({ ...advanced("How often an update passes over its completions"), formerly: ["epochs"] }),
  numMiniBatches,
  epsilon: z
    .number()
    .positive()
    .default(0.2)
    .describe("Clip range ε")
    .meta({ ...advanced("How far an importance ratio may move before its gradient stops"), formerly: ["clip"] }),
  dynamicSamplingBatches: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe("Batches sampled per update")
    .meta(
      advanced(
        "DAPO's dynamic sampling: groups whose completions all score alike teach nothing; other prompts take their place, sampled in up to this many batches. 1: none do",
      ),
    ),
  missingEosPenalty: missingEosPenalty.default(0),
  normalizeReward,
  rewardClip,
  reward: rewardParts.prefault({}),
  environment,
  ptx,
};
export const enoughAnswers = (groups: { prompts: number; numGenerations: number; numMiniBatches: number }) =>
  groups.prompts * groups.numGenerations >= groups.numMiniBatches;
export const tooFew = { path: ["numMiniBatches"], message: "more mini-batches than completions to split into them" };
