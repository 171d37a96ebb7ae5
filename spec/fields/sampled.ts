// Fields that the methods which sample have in common.
import { z } from "zod";
import { advanced, essential } from "../field-meta";

export const responseLength = z
  .int()
  .min(1)
  .max(4096)
  .default(64)
  .describe("Longest answer")
  .meta(essential("Tokens after which an answer is cut"));

export const temperature = z
  .number()
  .positive()
  .max(10)
  .default(1)
  .describe("Temperature")
  .meta(advanced("Of sampling, and of every log-probability that is compared with it"));

export const miniBatches = z
  .int()
  .min(1)
  .max(512)
  .default(1)
  .describe("Mini-batches")
  .meta(advanced("Parts of an update's answers, one optimiser step each"));

export const clip = z
  .number()
  .positive()
  .default(0.2)
  .describe("Clip ε")
  .meta(advanced("How far a probability ratio may move before its gradient stops"));

export const missingEosPenalty = z
  .number()
  .min(0)
  .describe("Missing-EOS penalty")
  .meta(advanced("Taken off the score of an answer that was cut"));

export const normalizeReward = z
  .boolean()
  .default(true)
  .describe("Normalise scores")
  .meta(advanced("Brings a reward model's scores to mean 0 and deviation 1 by its reward.json, where it has one"));

export const rewardClip = z
  .number()
  .positive()
  .nullable()
  .default(null)
  .describe("Reward clip")
  .meta(advanced("Scores beyond ± this are cut. Empty: none"));
