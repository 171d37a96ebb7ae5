// The model that a run trains, or that answers. No tfjs in here: the browser imports it.
import { z } from "zod";
import { advanced, essential, file, runFileOnly } from "../field-meta";
import { bundledModels } from "../models";

/** bitsandbytes' two types of 4 bits a number, each with and without double quantisation. */
export const fourBitTypes = ["nf4", "nf4-double", "fp4", "fp4-double"] as const;
export type FourBitType = (typeof fourBitTypes)[number];

/** How a frozen base is held: in 4 bits, to which it is rounded, or in the quantised blocks that its .gguf file has. */
export const quantisations = [...fourBitTypes, "gguf"] as const;
export type Quantisation = (typeof quantisations)[number];

/** Of a model that is asked and not trained, also in 8 bits, to which its output head and what its products read are rounded as well. */
export const askedQuantisations = [...quantisations, "int8"] as const;
export type AskedQuantisation = (typeof askedQuantisations)[number];

/** How the linear layers of a frozen base are held. */
export interface HeldBase<Type = Quantisation> {
  quantisation: Type | null;
  /** Names of those that are not quantised. */
  unquantised: string[];
}

export const heldInFull: HeldBase<never> = { quantisation: null, unquantised: [] };

/** Output heads of all families, which are never quantised: bitsandbytes' own list has them, and one in its place has to name them. */
export const outputHeads = ["lm_head", "embed_out"];
export const withoutHeads = (names: string[]): string[] => names.filter((name) => !outputHeads.includes(name));

export const isHeldAlike = (a: HeldBase<string>, b: HeldBase<string>): boolean =>
  a.quantisation === b.quantisation && [...a.unquantised].sort().join() === [...b.unquantised].sort().join();

/** The numbers that an adapter learns to change: GGUF's blocks are those of the model in full, and so is, but for its rounding, what is asked in int8. */
export const learntOver = ({ quantisation, unquantised }: HeldBase<AskedQuantisation>): HeldBase<FourBitType> =>
  quantisation === "gguf" || quantisation === "int8" ? heldInFull : { quantisation, unquantised };

/** As sentences say it: nf4 without down_proj. */
export function heldWords({ quantisation, unquantised }: HeldBase<string>): string | null {
  const words = quantisation === "gguf" ? "its file's blocks" : quantisation;
  return words && (unquantised.length > 0 ? `${words} without ${unquantised.join(", ")}` : words);
}

export const model = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe("Model")
    .meta({
      ...essential(
        `${bundledModels.map(({ name }) => name).join(", ")}, a folder in Hugging Face layout or a .gguf file`,
      ),
      ...file,
    }),
  dtype: z
    .enum(["float32", "bfloat16"])
    .default("float32")
    .describe("Base model precision")
    .meta(
      advanced(
        "bfloat16 halves the memory of the frozen base; whether it is also faster depends on the processor. Adapters, norms and losses stay in float32, and so do weights that are trained themselves, whose products alone round",
      ),
    ),
  quantisation: z
    .enum(quantisations)
    .nullable()
    .default(null)
    .describe("Quantised base (QLoRA)")
    .meta(
      advanced(
        "Holds the frozen linear layers in 4 bits a number, as bitsandbytes does; they are multiplied in the base model precision. nf4 suits weights better than fp4; double also quantises the scales. gguf leaves those of a .gguf file in the blocks that it has, which rounds nothing. Embeddings and output head stay as they are",
      ),
    ),
  unquantised: z
    .array(z.string().min(1))
    .overwrite(withoutHeads)
    .default([])
    .describe("Layers in full precision")
    .meta(
      advanced(
        "Of a quantised base: linear layers that are not quantised, by the end of their names, a block's whole name or a regular expression, as bitsandbytes' llm_int8_skip_modules: down_proj, model.layers.0",
      ),
    ),
});

/** A model that is asked. */
export const askedModel = model
  .extend({ quantisation: z.enum(askedQuantisations).nullable().default(null) })
  .refine(({ quantisation, unquantised }) => quantisation !== "int8" || unquantised.length === 0, {
    path: ["unquantised"],
    message: "int8 holds all linear layers in 8 bits: leave it empty",
  });

/** The model of a run. */
export const trainedModel = model.extend({
  balanceCoefficient: z
    .number()
    .min(0)
    .nullable()
    .default(null)
    .describe("Load-balancing coefficient")
    .meta(
      runFileOnly(
        "Of mixtures of experts: what the load-balancing loss is multiplied with before it is added to the method's. Empty: the model's router_aux_loss_coef where its config sets output_router_logits, else 0",
      ),
    ),
});
