// Bradley-Terry reward models.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { headInit } from "../fields/head-init";
import { confidenceColumn } from "../fields/pairs";
import { type ConfigOf, defineMethod } from "./method";
import { fromPairs } from "./shared";

const options = z.strictObject({
  centerRewardsCoefficient: z
    .number()
    .min(0)
    .default(0)
    .describe("Center rewards coefficient")
    .meta({
      ...essential("Pulls the mean reward of a pair to 0; its authors use 0.01"),
      formerly: ["centerCoefficient"],
    }),
  criterion: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Criterion")
    .meta({
      ...essential(
        "Rating criterion by which the higher rated answer of a pair is the chosen one, whatever was voted: one reward model for each. Empty: the votes decide",
      ),
      takes: "criterion",
    }),
  marginColumn: z
    .string()
    .min(1)
    .default("margin")
    .describe("Margin column")
    .meta(advanced("Column with the number by which a row's chosen answer should lead; 0 for rows without it")),
  confidenceColumn,
  headInit,
});

export const reward = defineMethod({
  ...fromPairs,
  charts: ["accuracy", "scores", "margin"],
  name: "reward",
  block: "reward",
  options,
  label: "Reward model",
  about: "Learns to score answers as people ranked them (Bradley-Terry).",
  reference: null,
  produces: "reward-model",
  problems: ({ sampleEvery, reward: { criterion, confidenceColumn } }) => [
    ...(sampleEvery === null
      ? []
      : [{ path: "sampleEvery", message: "a reward model scores answers and gives none: leave it empty" }]),
    ...(criterion === null || confidenceColumn === null
      ? []
      : [
          {
            path: "reward.confidenceColumn",
            message: `${confidenceColumn} is about the votes, and ${criterion} decides here: leave it empty`,
          },
        ]),
  ],
  mayHaveLogged: (names) => names.has("mean_reward") || (names.has("accuracy") && names.has("margin")),
});
export type RewardConfig = ConfigOf<typeof reward>;
