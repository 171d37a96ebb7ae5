// The block of iterative DPO.
import { z } from "zod";
import { advanced, essential } from "./config-field";
import { dpo } from "./method-options";
import { rewardSource } from "./reward-source";

export const iterativeDpo = z.strictObject({
  rounds: z.int().min(1).max(1000).default(3).describe("Rounds").meta(essential("Each samples, judges and learns")),
  promptsPerRound: z
    .int()
    .min(1)
    .max(1 << 16)
    .default(64)
    .describe("Prompts a round")
    .meta(essential("The prompts are gone through in parts of this size")),
  samples: z
    .int()
    .min(2)
    .max(256)
    .default(8)
    .describe("Answers a prompt")
    .meta(essential("The best and the worst of them become a pair")),
  responseLength: z
    .int()
    .min(1)
    .max(4096)
    .default(64)
    .describe("Longest answer")
    .meta(essential("An answer that is longer is cut, and left out")),
  temperature: z.number().positive().max(10).default(1).describe("Temperature").meta(advanced("Of sampling")),
  epochs: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe("Epochs a round")
    .meta(advanced("How often a round goes through its pairs")),
  judge: rewardSource.prefault({}),
  reference: z
    .enum(["initial", "previous-round"])
    .default("initial")
    .describe("Reference of a round")
    .meta(essential("initial: the policy as it was before the first round; previous-round: as the last one left it")),
  dpo: dpo.prefault({}),
});
