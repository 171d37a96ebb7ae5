// What a config.json says about rotary positions, in its old form (rope_theta, rope_scaling) and its new one (rope_parameters).
import { z } from "zod";
import type { ModelConfig } from "../config";
import { parsedFields } from "../fields";

/** Fields of the whole file that say how positions are turned. */
export const ropeFields = {
  rope_theta: z.number().nullish(),
  rope_parameters: z.record(z.string(), z.unknown()).nullish(),
  rope_scaling: z.record(z.string(), z.unknown()).nullish(),
  partial_rotary_factor: z.number().nullish(),
  original_max_position_embeddings: z.int().nullish(),
  max_position_embeddings: z.int().nullish(),
};

const parameters = z.looseObject({
  rope_theta: z.number().nullish(),
  rope_type: z.string().nullish(),
  type: z.string().nullish(), // rope_type in files from before Transformers 4.43
  factor: z.number().nullish(),
  low_freq_factor: z.number().nullish(),
  high_freq_factor: z.number().nullish(),
  original_max_position_embeddings: z.int().nullish(),
  partial_rotary_factor: z.number().nullish(),
});

/** By Transformers' order: rope_scaling before rope_parameters, what these say before the file itself. */
export function parseRope(
  file: z.infer<z.ZodObject<typeof ropeFields>>,
  source: string,
): Pick<ModelConfig, "ropeTheta" | "ropeScaling"> {
  const given = [file.rope_scaling, file.rope_parameters].find((rope) => rope && Object.keys(rope).length > 0) ?? {};
  const rope = parsedFields(parameters, given, `${source}: rope_scaling or rope_parameters`);
  const refuse = (what: string) => {
    throw new Error(
      `${source} asks for ${what} in ${JSON.stringify(given)}; supported are rope_type "default", "linear" with its factor and "llama3" with all its factors`,
    );
  };
  const stray = Object.entries(rope).find(([name, value]) => !Object.hasOwn(parameters.shape, name) && value != null);
  if (stray) refuse(`RoPE's ${stray[0]}`);
  const partial = rope.partial_rotary_factor ?? file.partial_rotary_factor ?? 1;
  if (partial !== 1) refuse(`a partial_rotary_factor of ${partial}`);
  const ropeTheta = rope.rope_theta ?? file.rope_theta ?? 10_000;
  const type = rope.rope_type ?? rope.type ?? "default";
  const { factor, low_freq_factor: low, high_freq_factor: high } = rope;
  if (type === "default") return { ropeTheta, ropeScaling: { type: "none" } };
  if (type === "linear" && factor != null) return { ropeTheta, ropeScaling: { type, factor } };
  const context =
    file.original_max_position_embeddings ?? rope.original_max_position_embeddings ?? file.max_position_embeddings;
  if (type === "llama3" && factor != null && low != null && high != null && context != null)
    return { ropeTheta, ropeScaling: { type, factor, lowFactor: low, highFactor: high, originalContext: context } };
  return refuse(`RoPE scaling "${type}"`);
}

/** The inverse, in the new form. */
export function toRopeParameters({ ropeTheta, ropeScaling: scaling }: ModelConfig): Record<string, unknown> {
  if (scaling.type === "none") return { rope_theta: ropeTheta, rope_type: "default" };
  const common = { rope_theta: ropeTheta, rope_type: scaling.type, factor: scaling.factor };
  if (scaling.type === "linear") return common;
  return {
    ...common,
    low_freq_factor: scaling.lowFactor,
    high_freq_factor: scaling.highFactor,
    original_max_position_embeddings: scaling.originalContext,
  };
}
