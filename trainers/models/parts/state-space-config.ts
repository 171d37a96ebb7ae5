// config.json of state-space models: what of it Mamba and Mamba-2 share.
import { z } from "zod";
import type { FamilyName, ModelConfig } from "../config";
import { repeats } from "../fields";
import { parseDecoderConfig } from "./decoder-config";

/** In the file's own names, with Transformers' defaults. */
export const stateSpaceFields = {
  vocab_size: z.int().min(1),
  hidden_size: z.int().min(1),
  num_hidden_layers: repeats,
  state_size: z.int().min(1).default(16),
  expand: z.number().positive().default(2),
  conv_kernel: z.int().min(2).default(4),
  use_bias: z.boolean().default(false),
  use_conv_bias: z.boolean().default(true),
  layer_norm_epsilon: z.number().default(1e-5),
};

/** How a fresh model starts, and the precision of the residual stream, which is float32 here. */
const without = [
  ...["time_step_min", "time_step_max", "time_step_floor", "rescale_prenorm_residual", "residual_in_fp32"],
  ...["layer_types"], // all alike
];

type Shared = z.infer<z.ZodObject<typeof stateSpaceFields>> & { tie_word_embeddings: boolean };

/** `known`: the family's other fields. */
export function parseStateSpaceConfig(
  family: FamilyName,
  known: string[],
  c: Shared,
  json: Record<string, unknown>,
  source: string,
): ModelConfig {
  const own = Object.fromEntries([...known, ...without].map((name) => [name, z.unknown().optional()]));
  // there is no attention: one head of any width stands for it while the rest is read
  const common = {
    ...c,
    intermediate_size: c.hidden_size,
    num_attention_heads: 1,
    num_key_value_heads: 1,
    head_dim: 2,
  };
  const { config } = parseDecoderConfig(family, own, {}, { ...json, ...common }, source);
  return { ...config, heads: 0, kvHeads: 0, headDim: 0, rmsEpsilon: c.layer_norm_epsilon };
}
