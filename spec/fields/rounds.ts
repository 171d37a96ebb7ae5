// Fields of methods that go in rounds: the policy answers prompts, and learns from what becomes of the answers before it answers others.
import { z } from "zod";
import { advanced, essential } from "../field-meta";

export const rounds = z
  .int()
  .min(1)
  .max(1000)
  .default(3)
  .describe("Rounds")
  .meta(essential("In each, completions are sampled, judged and trained on"));

export const promptsPerRound = z
  .int()
  .min(1)
  .max(1 << 16)
  .default(64)
  .describe("Prompts per round")
  .meta(essential("The prompts are used in parts of this size"));

export const epochsPerRound = z
  .int()
  .min(1)
  .max(100)
  .default(1)
  .describe("Epochs per round")
  .meta(advanced("Passes over what a round has made of its prompts"));
