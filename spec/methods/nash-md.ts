// Nash-MD: the policy learns how probable its answers are to win against a mixture of itself and the reference (Munos et al. 2024).
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import type { CommonConfig } from "../fields/common";
import { judge, judges, oneJudge } from "../fields/judge";
import { isGiven } from "../fields/rewards";
import { promptsPerRound } from "../fields/rounds";
import { maxCompletionLength, missingEosPenalty, temperature } from "../fields/sampled";
import { type ConfigOf, defineMethod } from "./method";
import { onPolicy, plural } from "./shared";

const options = z
  .strictObject({
    rounds: z
      .int()
      .min(1)
      .max(100_000)
      .default(100)
      .describe("Rounds")
      .meta(essential("In each, completions are sampled and judged, and an optimizer step is taken on them")),
    promptsPerRound,
    maxCompletionLength,
    temperature,
    missingEosPenalty: missingEosPenalty.default(0),
    beta: z
      .number()
      .min(0)
      .default(0.1)
      .describe("β")
      .meta(essential("Weight of the KL to the reference, beside a win probability between 0 and 1")),
    mixtureCoef: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe("Mixture coefficient")
      .meta(
        advanced(
          "Share of the reference in the logits that the opponent's completions are sampled from: 0 is self-play, 1 plays against the reference",
        ),
      ),
    judge: judge.prefault({}),
  })
  .refine(({ judge }) => judges(judge) === 1, { path: ["judge", "model"], message: oneJudge });

type Sized = CommonConfig & { nashMd: z.output<typeof options> };

export const nashMd = defineMethod({
  ...onPolicy,
  trainsCritic: false,
  rowsPerStep: ({ nashMd }: Sized) => nashMd.promptsPerRound,
  sampledAtOnce: ({ nashMd }: Sized) => 2 * nashMd.promptsPerRound,
  stepsPerRollout: () => 1,
  hides: ["batchSize", "gradientAccumulationSteps", "evalEvery"],
  charts: ["rolloutReward", "rewardParts", "opponent", "rolloutKl", "entropy", "rolloutLength"],
  name: "nash-md",
  block: "nashMd",
  options,
  label: "Nash-MD",
  about:
    "Samples an answer and an opponent's, from a mixture of policy and reference, and learns which wins: it goes to the Nash policy of a judge whose preferences go in circles (Munos et al. 2024).",
  reference: "reference",
  scoredBy: ({ nashMd: { judge } }) => (isGiven(judge) ? { reward: judge, normalizeReward: true } : null),
  describe: ({ nashMd: { rounds, promptsPerRound } }) =>
    `${plural(rounds, "round")} of ${promptsPerRound} prompts, an answer to each against one of the mixture, an optimizer step each`,
  mayHaveLogged: (names) => names.has("rewards/probabilities"),
});
export type NashMdConfig = ConfigOf<typeof nashMd>;
