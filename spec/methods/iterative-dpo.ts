// The block of iterative DPO.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { isGiven, rewardParts } from "../fields/rewards";
import { responseLength, temperature } from "../fields/sampled";
import { dpo } from "./dpo";
import { type ConfigOf, defineMethod } from "./method";
import { fromRows, onPolicy } from "./shared";

const judge = rewardParts.extend({
  queue: z
    .union([z.int().positive(), z.literal("new")])
    .nullable()
    .default(null)
    .describe("Ask people in queue")
    .meta({
      ...essential("Instead of a score: the pairs of a round go to this queue (new: one of its own) and the run waits"),
      takes: "queue",
    }),
});

const options = z
  .strictObject({
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
      .min(1)
      .max(256)
      .default(8)
      .describe("Answers a prompt")
      .meta(essential("The best and the worst of them become a pair; people compare 2")),
    chosen: z
      .enum(["best", "data"])
      .default("best")
      .describe("Chosen answer")
      .meta(advanced("best: of the policy's own; data: the row's answer, over each of the policy's own (SPIN)")),
    responseLength,
    temperature,
    epochs: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .describe("Epochs a round")
      .meta(advanced("How often a round goes through its pairs")),
    judge: judge.prefault({}),
    reference: z
      .enum(["initial", "previous-round"])
      .default("initial")
      .describe("Reference of a round")
      .meta(essential("initial: the policy as it was before the first round; previous-round: as the last one left it")),
    dpo: dpo.options.prefault({}),
  })
  .superRefine(({ chosen, judge, samples }, context) => {
    const issue = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    const judges = Number(isGiven(judge)) + Number(judge.queue !== null);
    if (chosen === "data" && judges > 0)
      issue(["judge", "model"], "the rows' own answers are the better ones: leave the judge empty");
    if (chosen === "best" && judges !== 1)
      issue(["judge", "model"], "give a reward model, a gold scorer or a rule, or else a queue of people");
    if (chosen === "best" && samples < 2) issue(["samples"], "a pair takes two answers");
    if (judge.queue !== null && samples !== 2) issue(["samples"], "people compare two answers: set it to 2");
  });

export const iterativeDpo = defineMethod({
  ...onPolicy,
  name: "iterative-dpo",
  block: "iterativeDpo",
  options,
  label: "Iterative DPO",
  about:
    "Samples answers, lets a judge take the best and the worst, learns from the pair, and again (Xiong et al. 2024).",
  reference: "iterativeDpo.reference",
  trainsCritic: false,
  scoredBy: ({ iterativeDpo: { judge } }) => (isGiven(judge) ? { reward: judge, normalizeReward: true } : null),
  rowsPerStep: fromRows.rowsPerStep,
  stepsPerRollout: (config) =>
    Math.ceil((config.iterativeDpo.promptsPerRound * config.iterativeDpo.epochs) / fromRows.rowsPerStep(config)),
  describe: ({ iterativeDpo: { rounds, promptsPerRound, samples } }) =>
    `${rounds} rounds of ${promptsPerRound} prompts, the best and the worst of ${samples} answers to each`,
  mayHaveLogged: (names) => names.has("objective/kl") && (names.has("rewards/margins") || names.has("objective/pairs")),
});
export type IterativeDpoConfig = ConfigOf<typeof iterativeDpo>;
