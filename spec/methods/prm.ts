// Process reward models, which judge solutions step by step, with the defaults of TRL 1.12, one of the last with them.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { headInit } from "../fields/head-init";
import { type ConfigOf, defineMethod } from "./method";
import { fromRows } from "./shared";

const options = z.strictObject({
  stepSeparator: z
    .string()
    .min(1)
    .default("\n")
    .describe("Step separator")
    .meta(essential("The text that ends a step; a step is judged at its last token")),
  trainOnLastStepOnly: z
    .boolean()
    .default(false)
    .describe("Last step only")
    .meta(advanced("Only the last step of a solution is learned from")),
  headInit,
});

export const prm = defineMethod({
  ...fromRows,
  charts: ["stepAccuracy", "firstErrors", "stepScores"],
  name: "prm",
  block: "prm",
  options,
  label: "Process reward model",
  about: "Learns how likely each step of a solution is right (Uesato et al. 2022; Lightman et al. 2023).",
  reference: null,
  produces: "reward-model",
  reads: ["stepwise"],
  dataLabel: "Solutions labelled by step",
  counted: ({ rows }) => ({ count: rows, words: "solutions" }),
  problems: ({ sampleEvery }) =>
    sampleEvery === null
      ? []
      : [{ path: "sampleEvery", message: "a reward model scores answers and gives none: leave it empty" }],
  mayHaveLogged: (names) => names.has("step_accuracy"),
});
export type PrmConfig = ConfigOf<typeof prm>;
