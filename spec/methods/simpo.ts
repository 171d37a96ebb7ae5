// SimPO and AlphaPO.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { beta, labelSmoothing } from "../fields/pairs";
import { ofPairs } from "./logged";
import { type ConfigOf, defineMethod } from "./method";
import { fromPairs } from "./shared";

const options = z.strictObject({
  beta: beta(2, "Scale of the mean log-probabilities; the authors use 2 to 10"),
  gamma: z
    .number()
    .min(0)
    .default(0.5)
    .describe("Target reward margin γ")
    .meta(
      essential(
        "By how much the chosen answer's reward should exceed the rejected one's; the authors use 0.1 to 0.8 of β",
      ),
    ),
  sftWeight: z
    .number()
    .min(0)
    .default(0)
    .describe("SFT weight")
    .meta(advanced("Weight of the negative log-likelihood of the chosen answers")),
  alpha: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .describe("AlphaPO α")
    .meta(advanced("Shape of the reward: 0 is SimPO, AlphaPO's authors use 0.25")),
  labelSmoothing,
});

export const simpo = defineMethod({
  ...fromPairs,
  charts: ["accuracy", "rewards", "logProbs", "nll"],
  name: "simpo",
  block: "simpo",
  options,
  label: "SimPO",
  about: "Pairs without a reference: mean log-probabilities with a target margin (Meng et al. 2024).",
  reference: null,
  usual: ({ simpo: { beta } }): Record<string, [number, number]> => ({
    "simpo.beta": [2, 10],
    "simpo.gamma": [0.1 * beta, 0.8 * beta],
  }),
  mayHaveLogged: (names) => ofPairs(names) && names.has("nll_loss"),
});
export type SimpoConfig = ConfigOf<typeof simpo>;
