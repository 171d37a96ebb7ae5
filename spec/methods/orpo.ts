// Odds-ratio preference optimisation.
import { z } from "zod";
import { advanced } from "../field-meta";
import { beta } from "../fields/pairs";
import { type ConfigOf, defineMethod } from "./method";
import { fromPairs } from "./shared";

const options = z.strictObject({
  beta: beta(0.1, "Weight of the odds-ratio term, λ in the paper (0.1)"),
  nll: z
    .enum(["prompt-and-chosen", "completion"])
    .default("prompt-and-chosen")
    .describe("NLL over")
    .meta(
      advanced("prompt-and-chosen includes the prompt's tokens, as in TRL; completion scores the chosen answer only"),
    ),
});

export const orpo = defineMethod({
  ...fromPairs,
  charts: ["accuracy", "rewards", "logProbs", "nll", "logOdds"],
  name: "orpo",
  block: "orpo",
  options,
  label: "ORPO",
  about: "Imitates chosen answers and lowers the odds of rejected ones at once (Hong et al. 2024).",
  reference: null,
  mayHaveLogged: (names) => names.has("log_odds_ratio"),
});
export type OrpoConfig = ConfigOf<typeof orpo>;
