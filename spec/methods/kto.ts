// Kahneman-Tversky optimisation, from answers that are good or bad by themselves.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { beta, movingProblems, movingReference } from "../fields/pairs";
import { type ConfigOf, defineMethod } from "./method";
import { fromRows } from "./shared";

const options = z.strictObject({
  beta: beta(0.1, "How strongly the policy is kept near its reference (paper: 0.1)"),
  lossType: z
    .enum(["kto", "bco", "apo_zero_unpaired"])
    .default("kto")
    .describe("Loss")
    .meta({
      ...advanced(
        "bco: a classifier of good and bad answers, its reference point the mean over all answers so far (Jung et al. 2024); apo_zero_unpaired has none. Neither has weights",
      ),
      formerly: ["loss"],
    }),
  desirableWeight: z
    .number()
    .positive()
    .default(1)
    .describe("Desirable weight")
    .meta(essential("Weight × number of good answers should be 1 to 1.33 times that of bad ones (paper)")),
  undesirableWeight: z
    .number()
    .positive()
    .default(1)
    .describe("Undesirable weight")
    .meta(essential("See the desirable weight")),
  klPartner: z
    .enum(["mismatched-prompt", "previous-row"])
    .default("mismatched-prompt")
    .describe("KL reference point from")
    .meta(
      advanced(
        "mismatched-prompt: the answer to another prompt; previous-row: the previous answer of the batch, as in TRL",
      ),
    ),
  ...movingReference,
});

export const kto = defineMethod({
  ...fromRows,
  charts: ["rewards", "referencePoint", "logProbs", "logits", "entropy"],
  name: "kto",
  block: "kto",
  options,
  label: "KTO",
  about: "Answers that are good or bad by themselves, as pairs give them too (Ethayarajh et al. 2024).",
  reference: "reference",
  movesReference: ({ kto }) => kto.refModelSyncSteps !== null,
  problems: (run) => movingProblems(run, run.kto),
  reads: ["unpaired", "pairs", "stepwise"],
  dataLabel: "Training data",
  counted: ({ holds, rows, equal = 0 }) => ({
    count: holds === "pairs" ? 2 * (rows + equal) : rows,
    words: "answers",
  }),
  scoresApart: ({ kto }) => kto.lossType !== "apo_zero_unpaired", // its reference point
  advice: ({ batchSize, gradientAccumulationSteps, kto }) =>
    kto.lossType === "kto" && batchSize * gradientAccumulationSteps < 4
      ? [
          {
            path: "batchSize",
            message: "KTO estimates its reference point from the batch; with fewer than 4 rows it is mostly noise",
          },
        ]
      : [],
  mayHaveLogged: (names) =>
    names.has("rewards/chosen") && (names.has("kl") || names.has("delta")) && !names.has("objective/kl"),
});
export type KtoConfig = ConfigOf<typeof kto>;
