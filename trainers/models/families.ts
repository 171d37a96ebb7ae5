// The families of models, and what is asked of a model's own. How each computes is in transformer.ts. No tfjs in here.
import { z } from "zod";
import type { FamilyName, ModelConfig } from "./config";
import type { Family, SpecialIds } from "./family";
import { parsedFields } from "./fields";
import { llama } from "./llama/llama";

const families: Record<FamilyName, Family> = { llama };

export const familyOf = ({ family }: ModelConfig): Family => families[family];

/** A config.json by the family that its model_type names. Throws, with the file's name, on what the forward pass would get wrong. */
export function parseModelConfig(json: Record<string, unknown>, source = "config.json"): ModelConfig {
  const { model_type: type } = parsedFields(z.object({ model_type: z.string() }), json, source);
  const family = Object.values(families).find(({ modelTypes }) => modelTypes.includes(type));
  if (family) return family.parseConfig(json, source);
  const known = Object.values(families).flatMap(({ modelTypes }) => modelTypes.map((name) => `"${name}"`));
  throw new Error(`${source} says model_type "${type}"; supported are ${known.join(" and ")}`);
}

export const toHuggingFaceConfig = (config: ModelConfig, ids: SpecialIds): Record<string, unknown> =>
  familyOf(config).toConfigJson(config, ids);

/** Shapes of every weight, by its Hugging Face name. Linear layers are [out, in]. */
export const weightShapes = (config: ModelConfig): Record<string, number[]> => familyOf(config).weightShapes(config);
