// Contrastive preference optimisation.
import { z } from "zod";
import { essential } from "../field-meta";
import { beta, labelSmoothing } from "../fields/pairs";
import { ofPairs } from "./logged";
import { type ConfigOf, defineMethod } from "./method";
import { fromPairs } from "./shared";

const options = z
  .strictObject({
    beta: beta(0.1, "Scale of the log-probabilities (paper: 0.1)"),
    lossType: z
      .enum(["sigmoid", "hinge", "ipo"])
      .default("sigmoid")
      .describe("Loss")
      .meta({ ...essential("sigmoid is the paper's"), formerly: ["loss"] }),
    alpha: z
      .number()
      .min(0)
      .default(1)
      .describe("SFT weight α")
      .meta(essential("Weight of the negative log-likelihood of the chosen answers (paper: 1)")),
    labelSmoothing,
  })
  .refine((cpo) => cpo.labelSmoothing === 0 || cpo.lossType === "sigmoid", {
    path: ["labelSmoothing"],
    message: "only the sigmoid loss reads it",
  });

export const cpo = defineMethod({
  ...fromPairs,
  charts: ["accuracy", "rewards", "logProbs", "nll"],
  name: "cpo",
  block: "cpo",
  options,
  label: "CPO",
  about: "DPO without a reference, with the chosen answers' likelihood (Xu et al. 2024).",
  reference: null,
  mayHaveLogged: (names) => ofPairs(names) && names.has("nll_loss"),
});
export type CpoConfig = ConfigOf<typeof cpo>;
