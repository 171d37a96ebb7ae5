// Self-play preference optimisation: answers learn how often they win against each other (Wu et al. 2024).
import { z } from "zod";
import { essential } from "../field-meta";
import type { CommonConfig } from "../fields/common";
import { judge, judges, oneJudge } from "../fields/judge";
import { isGiven } from "../fields/rewards";
import { epochsPerRound, promptsPerRound, rounds } from "../fields/rounds";
import { maxCompletionLength, temperature } from "../fields/sampled";
import { type ConfigOf, defineMethod } from "./method";
import { inRounds, onPolicy, plural } from "./shared";

const options = z
  .strictObject({
    rounds,
    promptsPerRound,
    numGenerations: z
      .int()
      .min(2)
      .max(256)
      .default(5)
      .describe("Completions per prompt")
      .meta(essential("Each is compared with all others; people and endpoints compare every pair of them")),
    maxCompletionLength,
    temperature,
    epochs: epochsPerRound,
    beta: z
      .number()
      .positive()
      .default(0.1)
      .describe("β")
      .meta(
        essential(
          "A completion's log-ratio to the last round's policy is trained towards (win rate − ½) / β; Wu et al. 2024 use 0.001",
        ),
      ),
    judge: judge.prefault({}),
  })
  .refine(({ judge }) => judges(judge) === 1, { path: ["judge", "model"], message: oneJudge });

export const sppo = defineMethod({
  ...onPolicy,
  ...inRounds(({ sppo }: CommonConfig & { sppo: z.output<typeof options> }) => {
    const answers = sppo.promptsPerRound * sppo.numGenerations;
    return { rows: answers, answers, epochs: sppo.epochs };
  }),
  charts: ["rolloutReward", "rewardParts", "winRates", "entropy", "rolloutLength"],
  name: "sppo",
  block: "sppo",
  options,
  label: "SPPO",
  about:
    "Samples answers, lets a judge compare each with all others, learns how often each wins, and again: self-play towards a Nash policy (Wu et al. 2024).",
  reference: null,
  movesReference: () => true,
  scoredBy: ({ sppo: { judge } }) => (isGiven(judge) ? { reward: judge, normalizeReward: true } : null),
  describe: ({ sppo: { rounds, promptsPerRound, numGenerations } }) =>
    `${plural(rounds, "round")} of ${promptsPerRound} prompts, the win rates of ${numGenerations} answers to each`,
  mayHaveLogged: (names) => names.has("objective/win_rate_range"),
});
export type SppoConfig = ConfigOf<typeof sppo>;
