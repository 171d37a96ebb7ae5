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
const longRopeFields = {
  attention_factor: z.number().nullish(),
  short_factor: z.array(z.number()),
  long_factor: z.array(z.number()),
};
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
      `${source} asks for ${what} in ${JSON.stringify(given)}; supported are rope_type "default", "linear", "dynamic" and "yarn" with their factor, and "llama3" and "longrope" with all their factors`,
    );
  };
  const type = rope.rope_type ?? rope.type ?? "default";
  const known = { ...parameters.shape, ...(type === "yarn" && yarnFields), ...(isLongRope(type) && longRopeFields) };
  const stray = Object.entries(rope).find(([name, value]) => !Object.hasOwn(known, name) && value != null);
  if (stray) refuse(`RoPE's ${stray[0]}`);
  const rotaryDims = Math.floor(headDim * (rope.partial_rotary_factor ?? file.partial_rotary_factor ?? 1));
  if (rotaryDims % 2 !== 0 || rotaryDims < 2 || rotaryDims > headDim)
    refuse(`${rotaryDims} turned dimensions of ${headDim}, where an even number of them is needed,`);
  const context =
    file.original_max_position_embeddings ?? rope.original_max_position_embeddings ?? file.max_position_embeddings;
  return {
    ropeTheta: rope.rope_theta ?? file.rope_theta ?? 10_000,
    ropeScaling:
      (isLongRope(type)
        ? longRope(rope, rotaryDims, file, source)
        : scalingOf(rope, type, context ?? null, file.max_position_embeddings ?? null, source)) ??
      refuse(`RoPE scaling "${type}"`),
    ...(rotaryDims !== headDim && { rotaryDims }),
  };
}

/** "su" in files from before Transformers 4.43. */
const isLongRope = (type: string) => type === "longrope" || type === "su";

function longRope(
  rope: z.infer<typeof parameters>,
  rotaryDims: number,
  file: z.infer<z.ZodObject<typeof ropeFields>>,
  source: string,
): RopeScaling {
  const given = parsedFields(z.looseObject(longRopeFields), rope, `${source}: rope_scaling or rope_parameters`);
  for (const [name, { length }] of Object.entries({ short_factor: given.short_factor, long_factor: given.long_factor }))
    if (length !== rotaryDims / 2)
      throw new Error(
        `${source} has ${length} numbers in ${name}; ${rotaryDims} turned dimensions need ${rotaryDims / 2}`,
      );
  const originalContext = file.original_max_position_embeddings ?? rope.original_max_position_embeddings;
  if (originalContext == null) throw new Error(`${source} has LongRoPE without original_max_position_embeddings`);
  const factor = rope.factor ?? (file.max_position_embeddings ?? originalContext) / originalContext;
  return {
    type: "longrope",
    shortFactors: given.short_factor,
    longFactors: given.long_factor,
    originalContext,
    scale: given.attention_factor ?? Math.sqrt(1 + Math.max(0, Math.log(factor)) / Math.log(originalContext)),
  };
}

/** Null where it is not known, or a factor is missing. */
function scalingOf(
  rope: z.infer<typeof parameters>,
  type: string,
  originalContext: number | null,
  context: number | null,
  source: string,
): RopeScaling | null {
  const { factor, low_freq_factor: low, high_freq_factor: high } = rope;
  if (type === "default") return { type: "none" };
  if (factor == null) return null;
  if (type === "linear") return { type, factor };
  if (type === "dynamic") return context === null ? null : { type, factor, context };
  if (originalContext === null) return null;
  if (type === "llama3" && low != null && high != null)
    return { type, factor, lowFactor: low, highFactor: high, originalContext };
  if (type !== "yarn") return null;
  const yarn = parsedFields(z.looseObject(yarnFields), rope, `${source}: rope_scaling or rope_parameters`);
  const [betaFast, betaSlow] = [yarn.beta_fast ?? 32, yarn.beta_slow ?? 1];
  return {
    type,
    factor,
    betaFast,
    betaSlow,
    originalContext,
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
  if (scaling.type === "longrope") throw new Error("LongRoPE is not written in this form");
  const common = { rope_theta: ropeTheta, rope_type: scaling.type, factor: scaling.factor };
  if (scaling.type !== "llama3") return common;
  return {
    ...common,
    low_freq_factor: scaling.lowFactor,
    high_freq_factor: scaling.highFactor,
    original_max_position_embeddings: scaling.originalContext,
  };
}
