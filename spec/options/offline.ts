// Each method's own block of a run file. Defaults are the paper's or the authors' code's; the sentence says whose.
import { z } from "zod";
import { advanced, essential, file } from "./field";

const beta = (start: number, help: string) =>
  z.number().positive().max(100).default(start).describe("β").meta(essential(help));
const labelSmoothing = z
  .number()
  .min(0)
  .lt(0.5)
  .default(0)
  .describe("Label smoothing ε")
  .meta(advanced("Probability that a label is the wrong way round"));

const confidenceColumn = z
  .string()
  .min(1)
  .nullable()
  .default(null)
  .describe("Confidence column")
  .meta(
    advanced(
      "Probability that a row's chosen answer is the better one, as annotators' reliability gives it: p_chosen of queues. Empty: labels are certain",
    ),
  );

export const sft = z.strictObject({
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

export const dpo = z
  .strictObject({
    beta: beta(
      0.1,
      "How strongly the policy is held to its reference: 0.01 loose, 0.5 tight (Rafailov et al. 2023: 0.1)",
    ),
    loss: z
      .union([dpoLoss, z.array(dpoLoss).min(1)])
      .default("sigmoid")
      .describe("Loss")
      .meta(
        essential(
          "sigmoid is the paper's; ipo, robust and cdpo trust labels less; apo_zero pushes each answer by itself",
        ),
      ),
    labelSmoothing,
    confidenceColumn,
    lossWeights: z.array(z.number()).min(1).nullable().default(null),
    divergence: z
      .enum(["reverse_kl", "forward_kl", "js_divergence", "alpha_divergence"])
      .default("reverse_kl")
      .describe("Divergence")
      .meta(advanced("What holds the policy to its reference (Wang et al. 2024); reverse_kl is DPO's own")),
    divergenceAlpha: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.5)
      .describe("Divergence α")
      .meta(advanced("Of alpha_divergence alone")),
    ldAlpha: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .default(null)
      .describe("Length desensitising α")
      .meta(advanced("LD-DPO: what a token past the shorter answer's length counts. Empty: all count alike")),
    wpo: z
      .boolean()
      .default(false)
      .describe("Weigh pairs by likelihood")
      .meta(advanced("WPO (Zhou et al. 2024): pairs that the policy itself might write count more")),
  })
  .superRefine((dpo, context) => {
    const issue = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    const names = [dpo.loss].flat();
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
    if (dpo.divergence !== "reverse_kl" && fixed.length > 0)
      issue("divergence", `${fixed.join(" and ")} knows reverse_kl only`);
  });

export const listwise = z.strictObject({
  beta: beta(0.1, "How strongly the policy is held to its reference, as in DPO"),
});

export const simpo = z.strictObject({
  beta: beta(2, "Scale of the mean log-probabilities; the authors' runs have 2 to 10"),
  gamma: z
    .number()
    .min(0)
    .default(0.5)
    .describe("Target margin γ")
    .meta(essential("By how much the chosen answer's reward should lead; the authors' runs have 0.1 to 0.8 of β")),
  sftWeight: z
    .number()
    .min(0)
    .default(0)
    .describe("SFT weight")
    .meta(advanced("How much the chosen answers' own likelihood counts beside the loss")),
  alpha: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .describe("AlphaPO α")
    .meta(advanced("Shape of the reward: 0 is SimPO, AlphaPO's authors have 0.25")),
  labelSmoothing,
});

export const cpo = z
  .strictObject({
    beta: beta(0.1, "Scale of the answers' log-probabilities (the paper: 0.1)"),
    loss: z
      .enum(["sigmoid", "hinge", "ipo"])
      .default("sigmoid")
      .describe("Loss")
      .meta(essential("sigmoid is the paper's")),
    alpha: z
      .number()
      .min(0)
      .default(1)
      .describe("SFT weight α")
      .meta(essential("How much the chosen answers' own likelihood counts (the paper: 1)")),
    labelSmoothing,
  })
  .refine((cpo) => cpo.labelSmoothing === 0 || cpo.loss === "sigmoid", {
    path: ["labelSmoothing"],
    message: "only the sigmoid loss reads it",
  });

export const orpo = z.strictObject({
  beta: beta(0.1, "Weight of the odds-ratio term, λ in the paper (0.1)"),
  nll: z
    .enum(["prompt-and-chosen", "completion"])
    .default("prompt-and-chosen")
    .describe("Likelihood over")
    .meta(
      advanced("prompt-and-chosen scores the prompt's tokens too, as TRL does; completion the chosen answer alone"),
    ),
});

export const kto = z.strictObject({
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

export const reward = z.strictObject({
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
      ...advanced("A safetensors file or PEFT folder with score.weight. Empty: normal with deviation 1/√(d + 1)"),
      ...file,
    }),
});
