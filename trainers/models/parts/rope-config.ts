// What a config.json says about rotary positions, in its old form (rope_theta, rope_scaling) and its new one (rope_parameters).
import { z } from "zod";
import type { ModelConfig, Rope, RopeScaling } from "../config";
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
const yarnFields = {
  attention_factor: z.number().nullish(),
  beta_fast: z.number().nullish(),
  beta_slow: z.number().nullish(),
  mscale: z.number().nullish(),
  mscale_all_dim: z.number().nullish(),
  truncate: z.boolean().nullish(),
};

/** By Transformers' order: rope_scaling before rope_parameters, what these say before the file itself. */
export function parseRope(
  file: z.infer<z.ZodObject<typeof ropeFields>>,
  headDim: number,
  source: string,
): Rope & Pick<ModelConfig, "rotaryDims"> {
  const given = [file.rope_scaling, file.rope_parameters].find((rope) => rope && Object.keys(rope).length > 0) ?? {};
  const rope = parsedFields(parameters, given, `${source}: rope_scaling or rope_parameters`);
  const refuse = (what: string): never => {
    throw new Error(
      `${source} asks for ${what} in ${JSON.stringify(given)}; supported are rope_type "default", "linear" and "yarn" with their factor, and "llama3" with all its factors`,
    );
  };
  const isYarn = (rope.rope_type ?? rope.type) === "yarn";
  const known = isYarn ? { ...parameters.shape, ...yarnFields } : parameters.shape;
  const stray = Object.entries(rope).find(([name, value]) => !Object.hasOwn(known, name) && value != null);
  if (stray) refuse(`RoPE's ${stray[0]}`);
  const rotaryDims = Math.floor(headDim * (rope.partial_rotary_factor ?? file.partial_rotary_factor ?? 1));
  if (rotaryDims % 2 !== 0 || rotaryDims < 2 || rotaryDims > headDim)
    refuse(`${rotaryDims} turned dimensions of ${headDim}, where an even number of them is needed,`);
  const context =
    file.original_max_position_embeddings ?? rope.original_max_position_embeddings ?? file.max_position_embeddings;
  return {
    ropeTheta: rope.rope_theta ?? file.rope_theta ?? 10_000,
    ropeScaling: scalingOf(rope, context ?? null, source) ?? refuse(`RoPE scaling "${rope.rope_type ?? rope.type}"`),
    ...(rotaryDims !== headDim && { rotaryDims }),
  };
}

/** Null where it is not known, or a factor is missing. */
function scalingOf(rope: z.infer<typeof parameters>, context: number | null, source: string): RopeScaling | null {
  const type = rope.rope_type ?? rope.type ?? "default";
  const { factor, low_freq_factor: low, high_freq_factor: high } = rope;
  if (type === "default") return { type: "none" };
  if (factor == null) return null;
  if (type === "linear") return { type, factor };
  if (context === null) return null;
  if (type === "llama3" && low != null && high != null)
    return { type, factor, lowFactor: low, highFactor: high, originalContext: context };
  if (type !== "yarn") return null;
  const yarn = parsedFields(z.looseObject(yarnFields), rope, `${source}: rope_scaling or rope_parameters`);
  const [betaFast, betaSlow] = [yarn.beta_fast ?? 32, yarn.beta_slow ?? 1];
  return {
    type,
    factor,
    betaFast,
    betaSlow,
    originalContext: context,
    truncate: yarn.truncate ?? true,
    scale: yarnScale(factor, yarn),
  };
}

/** By the paper's equation 22, or as the file says. */
function yarnScale(factor: number, yarn: z.infer<z.ZodObject<typeof yarnFields>>): number {
  const { attention_factor: given, mscale, mscale_all_dim: everywhere } = yarn;
  if (given != null) return given;
  const of = (weight: number) => (factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1);
  return mscale && everywhere ? of(mscale) / of(everywhere) : of(1);
}

/** The inverse, in the new form, for what GGUF files can say. */
export function toRopeParameters({ ropeTheta, ropeScaling: scaling }: Rope): Record<string, unknown> {
  if (scaling.type === "none") return { rope_theta: ropeTheta, rope_type: "default" };
  const common = { rope_theta: ropeTheta, rope_type: scaling.type, factor: scaling.factor };
  if (scaling.type !== "llama3") return common;
  return {
    ...common,
    low_freq_factor: scaling.lowFactor,
    high_freq_factor: scaling.highFactor,
    original_max_position_embeddings: scaling.originalContext,
  };
}
