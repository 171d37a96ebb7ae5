// Reward-ranked fine-tuning: SFT on the best of several answers to each prompt, in rounds (Dong et al. 2023).
import { z } from "zod";
import { essential } from "../field-meta";
import type { CommonConfig } from "../fields/common";
import { rewardSource } from "../fields/rewards";
import { epochsPerRound, promptsPerRound, rounds } from "../fields/rounds";
import { maxCompletionLength, normalizeReward, temperature } from "../fields/sampled";
import { type ConfigOf, defineMethod } from "./method";
import { inRounds, onPolicy, plural } from "./shared";

const options = z.strictObject({
  rounds,
  promptsPerRound,
  numGenerations: z
    .int()
    .min(2)
    .max(256)
    .default(8)
    .describe("Completions per prompt")
    .meta(essential("The one that the reward scores highest is learnt from; truncated ones are not")),
  minReward: z
    .number()
    .nullable()
    .default(null)
    .describe("Minimum reward")
    .meta(
      essential("Completions that score less are never learnt from, such as wrong answers. Empty: the best always is"),
    ),
  maxCompletionLength,
  temperature,
  epochs: epochsPerRound,
  normalizeReward,
  reward: rewardSource.prefault({}),
});

export const raft = defineMethod({
  ...onPolicy,
  ...inRounds(({ raft }: CommonConfig & { raft: z.output<typeof options> }) => ({
    rows: raft.promptsPerRound,
    answers: raft.promptsPerRound * raft.numGenerations,
    epochs: raft.epochs,
  })),
  charts: ["rolloutReward", "rewardParts", "kept", "tokenAccuracy", "entropy", "rolloutLength"],
  name: "raft",
  block: "raft",
  options,
  label: "RAFT",
  about: "Samples answers, keeps the one with the highest reward, imitates it, and again (Dong et al. 2023).",
  reference: null,
  scoredBy: ({ raft }) => raft,
  describe: ({ raft: { rounds, promptsPerRound, numGenerations } }) =>
    `${plural(rounds, "round")} of ${promptsPerRound} prompts, the best of ${numGenerations} answers to each`,
  mayHaveLogged: (names) => names.has("objective/kept"),
});
export type RaftConfig = ConfigOf<typeof raft>;
