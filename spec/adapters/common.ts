// The options that every kind of adapter has.
import { z } from "zod";
import { advanced, folderOf } from "../field-meta";

export const linearLayers = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;
/** With Phi-3's, which hold several of them, GPT-NeoX's, GPT-2's and Mamba's. */
export const adaptedLayers = [
  ...linearLayers,
  ...(["qkv_proj", "gate_up_proj"] as const),
  ...(["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"] as const),
  ...(["c_attn", "c_proj", "c_fc"] as const),
  ...(["in_proj", "x_proj"] as const),
] as const;

/** All experts of a block of a mixture, by the names of Transformers' tensors: gate and up together, and down. */
export const expertTargets = ["experts.gate_up_proj", "experts.down_proj"] as const;
export const isOfExperts = (target: string): boolean => expertTargets.some((name) => name === target);

export const typeMeta = advanced(
  "What is trained over the frozen model; the other fields of the adapter follow from it",
);

export const targets = z
  .union([z.literal("all-linear"), z.array(z.enum([...adaptedLayers, ...expertTargets])).min(1)])
  .default("all-linear")
  .describe("Target modules")
  .meta(
    advanced(
      "The layers that are adapted: all-linear, or a list of projections. experts.… are those of a mixture of experts, each with an update of its own; all-linear leaves them out",
    ),
  );

export const virtualTokens = z
  .int()
  .min(1)
  .max(1024)
  .default(20)
  .describe("Virtual tokens")
  .meta(advanced("How many are learned; they stand before every sequence"));

export const init = z
  .string()
  .min(1)
  .optional()
  .describe("Start from adapter")
  .meta({
    ...advanced("A folder in PEFT format, or a bottleneck adapter of the package adapters"),
    ...folderOf("policy"),
  });
