// Direct preference optimisation and the losses of its family.
import { z } from "zod";
import { advanced, essential, runFileOnly } from "../field-meta";
import { beta, confidenceColumn, labelSmoothing, movingProblems, movingReference } from "../fields/pairs";
import { ofPairs } from "./logged";
import { type ConfigOf, defineMethod } from "./method";
import { fromPairs } from "./shared";

const dpoLoss = z.enum([
  "sigmoid",
  "cdpo",
  "hinge",
  "ipo",
  "robust",
  "exo_pair",
  "nca_pair",
  "bco_pair",
  "sppo_hard",
  "aot",
  "aot_unpaired",
  "apo_zero",
  "apo_down",
  "discopop",
  "sft",
  "sigmoid_norm",
]);
type DpoLossName = z.infer<typeof dpoLoss>;

/** Losses that read the label smoothing, and those that are functions of the margin, which a divergence may change. */
const smoothing: DpoLossName[] = ["cdpo", "robust", "exo_pair", "aot", "aot_unpaired"];
const marginal: DpoLossName[] = [
  "sigmoid",
  "cdpo",
  "hinge",
  "ipo",
  "robust",
  "exo_pair",
  "discopop",
  "sft",
  "sigmoid_norm",
];

/** What its loss reads, of iterative DPO's rounds too. */
export const dpoLossOptions = z
  .strictObject({
    beta: beta(
      0.1,
      "How strongly the policy is kept near its reference: 0.01 is loose, 0.5 tight (Rafailov et al. 2023: 0.1)",
    ),
    lossType: z
      .union([dpoLoss, z.array(dpoLoss).min(1)])
      .default("sigmoid")
      .describe("Loss")
      .meta({
        ...essential(
          "sigmoid is the paper's; ipo, robust and cdpo assume noisy labels; apo_zero anchors each answer by itself",
        ),
        formerly: ["loss"],
      }),
    labelSmoothing,
    confidenceColumn,
    lossWeights: z
      .array(z.number())
      .min(1)
      .nullable()
      .default(null)
      .describe("Loss weights")
      .meta(runFileOnly("One for each loss of a list. Empty: 1 each")),
    fDivergenceType: z
      .enum(["reverse_kl", "forward_kl", "js_divergence", "alpha_divergence"])
      .default("reverse_kl")
      .describe("f-divergence")
      .meta({
        ...advanced("The divergence from the reference (Wang et al. 2024); DPO's own is reverse_kl"),
        formerly: ["divergence"],
      }),
    fAlphaDivergenceCoef: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.5)
      .describe("α-divergence α")
      .meta({ ...advanced("Of alpha_divergence only"), formerly: ["divergenceAlpha"] }),
    ldAlpha: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .default(null)
      .describe("LD-DPO α")
      .meta(
        advanced(
          "Length desensitization: the weight of tokens beyond the shorter answer's length. Empty: all tokens count alike",
        ),
      ),
    useWeighting: z
      .boolean()
      .default(false)
      .describe("Weight pairs (WPO)")
      .meta({
        ...advanced("WPO (Zhou et al. 2024): pairs that the policy itself is likely to write count more"),
        formerly: ["wpo"],
      }),
  })
  .superRefine((dpo, context) => {
    const issue = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    const names = [dpo.lossType].flat();
    if (dpo.labelSmoothing > 0 && !names.some((name) => smoothing.includes(name)))
      issue("labelSmoothing", `has no effect on ${names.join(" and ")}; take one of ${smoothing.join(", ")}, or 0`);
    if (dpo.confidenceColumn !== null && !names.includes("cdpo"))
      issue("confidenceColumn", `has no effect on ${names.join(" and ")}; take cdpo, or leave it empty`);
    if (dpo.confidenceColumn !== null && dpo.labelSmoothing > 0)
      issue("labelSmoothing", "and a confidence column both say how sure labels are; give one");
    if (dpo.labelSmoothing === 0 && names.includes("exo_pair"))
      issue("labelSmoothing", "exo_pair needs more than 0; its authors' code has 0.001");
    if (dpo.lossWeights && dpo.lossWeights.length !== names.length)
      issue("lossWeights", `${dpo.lossWeights.length} weights for ${names.length} losses; give one each`);
    const fixed = names.filter((name) => !marginal.includes(name));
    if (dpo.fDivergenceType !== "reverse_kl" && fixed.length > 0)
      issue("fDivergenceType", `${fixed.join(" and ")} works with reverse_kl only`);
  });

const options = dpoLossOptions.safeExtend(movingReference);

export const dpo = defineMethod({
  ...fromPairs,
  charts: ["accuracy", "rewards", "logProbs", "logits", "entropy", "tokenAccuracy"],
  name: "dpo",
  block: "dpo",
  options,
  label: "DPO",
  about: "Learns from pairs directly: raises the chosen answer over the rejected one (Rafailov et al. 2023).",
  reference: "reference",
  movesReference: ({ dpo }) => dpo.refModelSyncSteps !== null,
  problems: (run) => movingProblems(run, run.dpo),
  usual: ({ dpo }): Record<string, [number, number]> => (dpo.lossType === "ipo" ? {} : { "dpo.beta": [0.01, 0.6] }),
  advice: ({ dpo }) =>
    dpo.lossType === "ipo"
      ? [
          {
            path: "dpo.beta",
            message: `IPO pulls every margin to 1/(2β), here ${(1 / (2 * dpo.beta)).toPrecision(3)} nats`,
          },
        ]
      : [],
  mayHaveLogged: (names) => ofPairs(names) && (names.has("rewards/margins") || names.has("nll_loss")),
});
export type DpoConfig = ConfigOf<typeof dpo>;
