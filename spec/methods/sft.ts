// Supervised fine-tuning, and pre-training from random weights.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { ofSequences } from "./logged";
import { type ConfigOf, defineMethod } from "./method";
import { fromRows } from "./shared";

const options = z.strictObject({
  completionOnly: z
    .boolean()
    .default(true)
    .describe("Answers only")
    .meta(essential("Score the answer's tokens and not the prompt's")),
  fromScratch: z
    .boolean()
    .default(false)
    .describe("From random weights")
    .meta(advanced("Pre-training: the model's shape and tokenizer, and nothing it has learnt; needs no adapter")),
});

export const sft = defineMethod({
  ...fromRows,
  name: "sft",
  block: "sft",
  options,
  label: "SFT",
  about: "Imitates the chosen answers (maximum likelihood).",
  reference: null,
  adapter: "optional",
  reads: ["sft", "pairs"],
  dataLabel: "Training data",
  counted: ({ holds, rows }) => ({ count: rows, words: holds === "pairs" ? "chosen answers" : "answers" }),
  problems: ({ sft, adapter }) =>
    sft.fromScratch && adapter !== null
      ? [{ path: "adapter", message: "random weights are trained whole: set adapter to null" }]
      : [],
  mayHaveLogged: ofSequences,
});
export type SftConfig = ConfigOf<typeof sft>;
