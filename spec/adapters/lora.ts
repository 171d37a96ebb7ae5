// LoRA (Hu et al. 2021, arXiv 2106.09685): a low-rank update of each linear layer.
import { z } from "zod";
import { advanced, runFileOnly } from "../field-meta";
import { init, targets, typeMeta } from "./common";

/** The matrix of logits, as Transformers calls it in every family. */
export const outputHead = "lm_head";

const firstFits = "; of several that fit the first decides";

export const lora = z.strictObject({
  type: z.literal("lora").default("lora").describe("Adapter type").meta(typeMeta),
  rank: z
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe("LoRA rank")
    .meta(advanced("Rank of the update of each adapted layer")),
  alpha: z
    .number()
    .positive()
    .default(32)
    .describe("LoRA alpha")
    .meta(advanced("The update is scaled by alpha / rank")),
  rankStabilised: z
    .boolean()
    .default(false)
    .describe("Rank-stabilised scale")
    .meta(advanced("rsLoRA: the update is scaled by alpha / √rank, so that high ranks learn as fast as low ones")),
  rankPattern: z
    .record(z.string().min(1), z.int().min(1).max(256))
    .default({})
    .describe("Rank pattern")
    .meta(
      runFileOnly(`Ranks of some layers, by the end of their names or a regular expression: {"q_proj": 4}${firstFits}`),
    ),
  alphaPattern: z
    .record(z.string().min(1), z.number().positive())
    .default({})
    .describe("Alpha pattern")
    .meta(runFileOnly(`Alphas of some layers, likewise: {"mlp.*": 8}${firstFits}`)),
  dora: z
    .boolean()
    .default(false)
    .describe("DoRA")
    .meta(
      advanced(
        "The length of each row of a layer's matrix is trained apart from its direction, which the update turns; slower",
      ),
    ),
  start: z
    .enum(["zero", "pissa", "olora"])
    .default("zero")
    .describe("Start of the update")
    .meta(
      advanced(
        "zero: A random, B zero; pissa: from the largest singular values of each layer's matrix; olora: from its QR factors. Policy and base are the same at the start in each",
      ),
    ),
  pissaIterations: z
    .int()
    .min(1)
    .max(64)
    .nullable()
    .default(null)
    .describe("Fast PiSSA iterations")
    .meta(
      advanced(
        "Empty: singular values exactly; a number, as in PEFT's pissa_niter_4: by a random projection, many times as fast and nearer to them with more iterations",
      ),
    ),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("LoRA dropout")
    .meta(
      advanced(
        "Probability with which a number that A reads is 0 while a step learns; scores, completions and evaluations are without. Slower",
      ),
    ),
  targets,
  modulesToSave: z
    .union([z.array(z.enum(["embed_tokens", outputHead, "norm"])), z.array(z.string().min(1))])
    .default([])
    .describe("Modules trained whole")
    .meta(
      advanced(
        "Beside the update, as copies of the base's (PEFT's modules_to_save): all modules whose names end so. norm is every norm; in a run file any norm, embedding or linear layer may be named",
      ),
    ),
  init,
});
export type LoraOptions = z.infer<typeof lora>;
