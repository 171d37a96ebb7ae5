// The block of iterative DPO.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import type { CommonConfig } from "../fields/common";
import { comparesInQueue, judge, judges, oneJudge } from "../fields/judge";
import { isGiven } from "../fields/rewards";
import { epochsPerRound, promptsPerRound, rounds } from "../fields/rounds";
import { maxCompletionLength, temperature } from "../fields/sampled";
import { dpoLossOptions } from "./dpo";
import { type ConfigOf, defineMethod } from "./method";
import { inRounds, onPolicy } from "./shared";

const options = z
  .strictObject({
    rounds,
    promptsPerRound,
    numGenerations: z
      .int()
      .min(1)
      .max(256)
      .default(8)
      .describe("Completions per prompt")
      .meta({
        ...essential("The best and the worst of them become a pair; human judges and endpoints compare 2"),
        formerly: ["samples"],
      }),
    chosen: z
      .enum(["best", "data"])
      .default("best")
      .describe("Chosen answer")
      .meta(advanced("best: the policy's own best; data: the row's answer, against each of the policy's own (SPIN)")),
    maxCompletionLength,
    temperature,
    epochs: epochsPerRound,
    judge: judge.prefault({}),
    reference: z
      .enum(["initial", "previous-round"])
      .default("initial")
      .describe("Reference policy")
      .meta(essential("initial: the policy before the first round; previous-round: the policy after the last round")),
    alpha: z
      .number()
      .min(0)
      .default(0)
      .describe("XPO α")
      .meta(
        advanced(
          "Above 0 each pair is a completion of the policy and one of the reference, whose likelihood the loss lowers by this weight: exploration (XPO, Xie et al. 2024). TRL has 0.00001",
        ),
      ),
    dpo: dpoLossOptions.prefault({}),
  })
  .superRefine(({ alpha, chosen, judge, numGenerations }, context) => {
    const issue = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if (chosen === "data" && judges(judge) > 0)
      issue(["judge", "model"], "the rows' own answers are the chosen ones: leave the judge empty");
    if (chosen === "best" && judges(judge) !== 1) issue(["judge", "model"], oneJudge);
    if (chosen === "best" && numGenerations < 2) issue(["numGenerations"], "a pair needs two answers");
    if (alpha > 0 && (chosen === "data" || numGenerations !== 2))
      issue(
        [chosen === "data" ? "chosen" : "numGenerations"],
        "XPO compares one completion of the policy with one of the reference: set chosen to best and numGenerations to 2",
      );
    if (comparesInQueue(judge) && numGenerations !== 2)
      issue(["numGenerations"], "people compare two answers, as endpoints do: set it to 2");
  });

export const iterativeDpo = defineMethod({
  ...onPolicy,
  ...inRounds(({ iterativeDpo }: CommonConfig & { iterativeDpo: z.output<typeof options> }) => ({
    rows: iterativeDpo.promptsPerRound,
    answers: iterativeDpo.promptsPerRound * iterativeDpo.numGenerations,
    epochs: iterativeDpo.epochs,
  })),
  charts: [
    "accuracy",
    "rewards",
    "pairs",
    "bestOverWorst",
    "logProbs",
    "logits",
    "entropy",
    "tokenAccuracy",
    "rolloutLength",
  ],
  name: "iterative-dpo",
  block: "iterativeDpo",
  options,
  label: "Iterative DPO",
  about:
    "Samples answers, lets a judge take the best and the worst, learns from the pair, and again (Xiong et al. 2024).",
  reference: "iterativeDpo.reference",
  movesReference: ({ iterativeDpo }) => iterativeDpo.reference === "previous-round",
  scoredBy: ({ iterativeDpo: { judge } }) => (isGiven(judge) ? { reward: judge, normalizeReward: true } : null),
  describe: ({ iterativeDpo: { rounds, promptsPerRound, numGenerations } }) =>
    `${rounds} rounds of ${promptsPerRound} prompts, the best and the worst of ${numGenerations} answers to each`,
  mayHaveLogged: (names) => names.has("objective/kl") && (names.has("rewards/margins") || names.has("objective/pairs")),
});
export type IterativeDpoConfig = ConfigOf<typeof iterativeDpo>;
