// Fields that the methods which sample have in common.
import { z } from "zod";
import { advanced, essential } from "../field-meta";

export const maxCompletionLength = z
  .int()
  .min(1)
  .max(4096)
  .default(64)
  .describe("Max completion length")
  .meta({ ...essential("Completions are truncated after this many tokens"), formerly: ["responseLength"] });

export const temperature = z
  .number()
  .positive()
  .max(10)
  .default(1)
  .describe("Temperature")
  .meta(advanced("Of sampling, and of every log-probability that is compared with the sampled ones"));

export const numMiniBatches = z
  .int()
  .min(1)
  .max(512)
  .default(1)
  .describe("Mini-batches")
  .meta({ ...advanced("Parts of a rollout, one optimizer step each"), formerly: ["miniBatches"] });

export const missingEosPenalty = z
  .number()
  .min(0)
  .describe("Missing-EOS penalty")
  .meta(advanced("Subtracted from the reward of a truncated completion"));

export const normalizeReward = z
  .boolean()
  .default(true)
  .describe("Normalize rewards")
  .meta(
    advanced(
      "Standardizes a reward model's scores to mean 0 and standard deviation 1 by its reward.json, where it has one",
    ),
  );

export const rewardClip = z
  .number()
  .positive()
  .nullable()
  .default(null)
  .describe("Reward clip")
  .meta(advanced("Rewards are clipped to ± this. Empty: not clipped"));
