// Bradley-Terry reward models.
import { z } from "zod";
import { advanced, essential, file, runFileOnly } from "../field-meta";
import { confidenceColumn } from "../fields/pairs";
import { type ConfigOf, defineMethod } from "./method";
import { fromPairs } from "./shared";

const options = z.strictObject({
  centerCoefficient: z
    .number()
    .min(0)
    .default(0)
    .describe("Centring")
    .meta(essential("Pulls the pairs' mean reward to 0; its authors have 0.01")),
  marginColumn: z
    .string()
    .min(1)
    .default("margin")
    .describe("Margin column")
    .meta(advanced("Number by which a row's chosen answer should lead; rows without it have 0")),
  confidenceColumn,
  headInit: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Start from head")
    .meta({
      ...runFileOnly("A safetensors file or PEFT folder with score.weight. Empty: normal with deviation 1/√(d + 1)"),
      ...file,
    }),
});

export const reward = defineMethod({
  ...fromPairs,
  name: "reward",
  block: "reward",
  options,
  label: "Reward model",
  about: "Learns to score answers as people ranked them (Bradley-Terry).",
  reference: null,
  adapter: "optional",
  produces: "reward-model",
  problems: ({ sampleEvery }) =>
    sampleEvery === null
      ? []
      : [{ path: "sampleEvery", message: "a reward model scores answers and gives none: leave it empty" }],
  mayHaveLogged: (names) => names.has("mean_reward") || (names.has("accuracy") && names.has("margin")),
});
export type RewardConfig = ConfigOf<typeof reward>;
