// adapter_config.json as PEFT 0.21 reads it, whatever the kind: each kind adds the fields of its own.
import { z } from "zod";
import { type FieldLists, parsedFields, refuseOthers } from "../models/fields";

const names = z.union([z.string(), z.array(z.string())]);

/** Which layers are meant; a kind has its own default for target_modules. See targets.ts. */
export const targetFields = {
  target_modules: names.nullish(),
  exclude_modules: names.nullish(),
  layers_to_transform: z.union([z.int(), z.array(z.int())]).nullish(),
  layers_pattern: names.nullish(),
};
export type TargetFields = z.infer<z.ZodObject<typeof targetFields>> & { target_modules: string | string[] };

const harmless = [
  ...["base_model_name_or_path", "revision", "auto_mapping", "peft_version", "task_type", "inference_mode"],
  ...["runtime_config", "unsloth_fixed", "unsloth_version"],
  "fan_in_fan_out", // says how a base has its matrices: PEFT itself switches it off on linear layers and on for GPT-2's Conv1D
];

/** PEFT asks for both in every reward model; a Llama has the first. */
const headModules = ["score", "classifier"];
const saved = z.object({ modules_to_save: z.array(z.string()).nullish() });

/** `json` by a kind's own fields. Throws, naming file, field and value, at what would be applied otherwise than PEFT applies it. */
export function parsePeftConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  own: Pick<FieldLists, "harmless" | "only">,
  json: Record<string, unknown>,
  source: string,
): z.infer<z.ZodObject<Shape>> {
  const lists = {
    used: ["peft_type", "modules_to_save", ...Object.keys(schema.shape)],
    harmless: [...harmless, ...own.harmless],
    only: own.only,
  };
  refuseOthers(json, lists, source);
  const { modules_to_save: named, ...others } = json;
  const trained = (parsedFields(saved, json, source).modules_to_save ?? []).filter(
    (name) => !headModules.includes(name),
  );
  if (trained.length > 0 && !("modules_to_save" in schema.shape))
    refused(source, "modules_to_save", trained, "of trained modules only a reward model's score is read");
  return parsedFields(schema, { ...others, ...(trained.length > 0 && { modules_to_save: trained }) }, source);
}

export function refused(source: string, name: string, value: unknown, why: string): never {
  throw new Error(`${source}: ${name} ${JSON.stringify(value)} is not supported: ${why}`);
}
