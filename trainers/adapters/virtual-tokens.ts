// What prompt and prefix tuning have in common: one weight, PEFT's fields, and what they cannot be on.
import { z } from "zod";
import { promptEmbeddings, type Tuner } from "../engine/adapter";
import type { ModelConfig } from "../models/config";

/** Of both, as PEFT 0.21 reads them. */
export const virtualTokenFields = {
  num_virtual_tokens: z.int().min(1),
  token_dim: z.int().nullish(),
  num_layers: z.int().nullish(),
  num_attention_heads: z.int().nullish(),
};
export const onlyFields = { num_transformer_submodules: [1] };

interface Kind {
  /** As a message calls it. */
  words: string;
  config: Tuner["config"];
  shape: [number, number];
}

/** The part of a tuner that does not depend on what the weight means. */
export function withoutLayers({ words, config, shape }: Kind, model: ModelConfig): Omit<Tuner, "fresh"> {
  const { stateSpace, mixture, family } = model;
  if (stateSpace || mixture)
    throw new Error(
      `${words} is for models with attention and one MLP in each block, and this one (${family}) ${stateSpace ? "has no attention" : "is a mixture of experts"}; use LoRA`,
    );
  return {
    config: { ...config, num_transformer_submodules: 1 },
    shapes: new Map([[promptEmbeddings, shape]]),
    startsAtZeroGradient: () => false,
    change: () => null,
    merged() {
      throw new Error(
        `${words} stands before the text and is no part of the model's weights, so it cannot be merged into them: use the adapter's folder with PEFT, or train a LoRA`,
      );
    },
  };
}

/** Throws where a file was made for another model than this. */
export function refuseOtherShape(
  source: string,
  found: Record<string, number | null | undefined>,
  own: Record<string, number>,
) {
  for (const [name, value] of Object.entries(own))
    if (found[name] != null && found[name] !== value)
      throw new Error(`${source}: ${name} should be ${value} for this model and is ${found[name]}`);
}
