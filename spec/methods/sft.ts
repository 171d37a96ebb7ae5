// Supervised fine-tuning, and pre-training from random weights.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import type { LabelKind } from "../label-kinds";
import { ofSequences } from "./logged";
import { type ConfigOf, defineMethod } from "./method";
import { fromRows } from "./shared";

const options = z.strictObject({
  completionOnlyLoss: z
    .boolean()
    .default(true)
    .describe("Completion-only loss")
    .meta({ ...essential("Compute the loss on the answer's tokens, not the prompt's"), formerly: ["completionOnly"] }),
  fromScratch: z
    .boolean()
    .default(false)
    .describe("Train from scratch")
    .meta(
      advanced(
        "Pre-training from random weights: only the model's architecture and tokenizer are used; takes no adapter",
      ),
    ),
});

const learnt: Partial<Record<LabelKind, string>> = {
  pairs: "chosen answers",
  text: "texts",
  stepwise: "solutions without a wrong step",
};

export const sft = defineMethod({
  ...fromRows,
  charts: ["tokenAccuracy", "entropy"],
  name: "sft",
  block: "sft",
  options,
  label: "SFT",
  about: "Imitates the chosen answers (maximum likelihood).",
  reference: null,
  reads: ["sft", "text", "pairs", "stepwise"],
  dataLabel: "Training data",
  counted: ({ holds, imitated }) => ({ count: imitated, words: learnt[holds] ?? "answers" }),
  problems: ({ sft, adapter }) =>
    sft.fromScratch && adapter !== null
      ? [{ path: "adapter", message: "random weights are trained whole: set adapter to null" }]
      : [],
  mayHaveLogged: ofSequences,
});
export type SftConfig = ConfigOf<typeof sft>;

/** Whether a run, of whichever method, takes no weights from the model that it names. */
export const isFromScratch = (config: object): boolean =>
  "sft" in config && (config as Pick<SftConfig, "sft">).sft.fromScratch;
