// Kahneman-Tversky optimisation, from answers that are good or bad by themselves.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { beta } from "../fields/pairs";
import { type ConfigOf, defineMethod } from "./method";
import { fromRows } from "./shared";

const options = z.strictObject({
  beta: beta(0.1, "How strongly the policy is held to its reference (the paper: 0.1)"),
  loss: z
    .enum(["kto", "apo_zero_unpaired"])
    .default("kto")
    .describe("Loss")
    .meta(advanced("apo_zero_unpaired has no reference point")),
  desirableWeight: z
    .number()
    .positive()
    .default(1)
    .describe("Weight of good answers")
    .meta(essential("Weight × count of good answers should be 1 to 1.33 times that of bad ones (the paper)")),
  undesirableWeight: z
    .number()
    .positive()
    .default(1)
    .describe("Weight of bad answers")
    .meta(essential("See the weight of good answers")),
  klPartner: z
    .enum(["mismatched-prompt", "previous-row"])
    .default("mismatched-prompt")
    .describe("Reference point from")
    .meta(
      advanced(
        "mismatched-prompt: an answer to another prompt; previous-row: the answer before it in its batch, as TRL does",
      ),
    ),
});

export const kto = defineMethod({
  ...fromRows,
  name: "kto",
  block: "kto",
  options,
  label: "KTO",
  about: "Answers that are good or bad by themselves, as pairs give them too (Ethayarajh et al. 2024).",
  reference: "reference",
  adapter: "required",
  reads: ["unpaired", "pairs"],
  dataLabel: "Training data",
  counted: ({ holds, rows }) => ({ count: holds === "pairs" ? 2 * rows : rows, words: "answers" }),
  scoresApart: ({ kto }) => kto.loss === "kto", // its reference point
  advice: ({ batchSize, gradientAccumulation }) =>
    batchSize * gradientAccumulation < 4
      ? [{ path: "batchSize", message: "KTO reads its reference point off the batch; under 4 rows it is mostly noise" }]
      : [],
  mayHaveLogged: (names) => names.has("rewards/chosen") && names.has("kl") && !names.has("objective/kl"),
});
export type KtoConfig = ConfigOf<typeof kto>;
