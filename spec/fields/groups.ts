// Fields that RLOO and GRPO share: groups of answers to each prompt, scored against each other. Defaults are TRL 1.16's.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
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

export const grouped = {
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
export const enoughAnswers = ({
  prompts,
  samples,
  miniBatches,
}: {
  prompts: number;
  samples: number;
  miniBatches: number;
}) => prompts * samples >= miniBatches;
export const tooFew = { path: ["miniBatches"], message: "more mini-batches than answers to cut into them" };
