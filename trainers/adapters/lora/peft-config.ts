// adapter_config.json as PEFT 0.21 reads it: what of it is applied, what changes nothing, and what is refused.
import { join } from "node:path";
import { z } from "zod";
import type { ModelConfig } from "../../models/config";
import { type FieldLists, parsedFields, readJson, refuseOthers } from "../../models/fields";

const names = z.union([z.string(), z.array(z.string())]);

/** The part that is applied, in PEFT's names. */
const loraConfig = z.object({
  r: z.int().min(1).default(8),
  lora_alpha: z.number().default(8),
  target_modules: names.nullish().transform((targets) => targets ?? ["q_proj", "v_proj"]), // PEFT's for Llama and Qwen2
  exclude_modules: names.nullish(),
  rank_pattern: z.record(z.string(), z.int().min(1)).nullish(),
  alpha_pattern: z.record(z.string(), z.number()).nullish(),
  layers_to_transform: z.union([z.int(), z.array(z.int())]).nullish(),
  layers_pattern: names.nullish(),
  use_rslora: z.boolean().default(false),
});
export type LoraConfig = z.infer<typeof loraConfig>;

const fields: FieldLists = {
  used: [...Object.keys(loraConfig.shape), "modules_to_save", "bias", "init_lora_weights"],
  harmless: [
    "base_model_name_or_path",
    "revision",
    "auto_mapping",
    "peft_version",
    "task_type",
    "inference_mode",
    "runtime_config",
    "lora_dropout", // runs train without dropout: with it the policy would differ from its reference at step 0
    "fan_in_fan_out", // PEFT itself switches it off on linear layers, of which these models consist
    "megatron_core",
    "qalora_group_size",
    "ensure_weight_tying", // of modules that are refused
    ...["unsloth_fixed", "unsloth_version"],
    // of a start that is over, or refused by init_lora_weights
    "loftq_config",
    "eva_config",
    "corda_config",
    "lora_ga_config",
  ],
  only: {
    peft_type: ["LORA"],
    use_dora: [],
    lora_bias: [],
    use_qalora: [],
    use_bdlora: [],
    trainable_token_indices: [],
    target_parameters: [],
    layer_replication: [],
    megatron_config: [],
    alora_invocation_tokens: [],
    arrow_config: [],
    kasa_config: [],
    velora_config: [],
    monteclora_config: [],
  },
};

/** Starts that leave the base as it is; the others take from it what they put into A and B. */
const plainStarts = [true, false, "gaussian", "eva", "orthogonal"] as const;
const others = z.object({
  peft_type: z.string(),
  modules_to_save: z.array(z.string()).nullish(),
  bias: z.string().nullish(),
  init_lora_weights: z.union([z.boolean(), z.string()]).nullish(),
});
/** PEFT asks for both in every reward model; a Llama has the first. */
const headModules = ["score", "classifier"];

/** Reads the folder's adapter_config.json. Throws at what would be applied otherwise than PEFT applies it. */
export function readLoraConfig(folder: string, model: ModelConfig): LoraConfig {
  const source = join(folder, "adapter_config.json");
  const json = readJson(source);
  const { modules_to_save: saved, bias, init_lora_weights: start } = parsedFields(others, json, source);
  refuseOthers(json, fields, source);
  const config = parsedFields(loraConfig, json, source);
  const refuse = (name: string, value: unknown, why: string) => {
    throw new Error(`${source}: ${name} ${JSON.stringify(value)} is not supported: ${why}`);
  };
  const trained = (saved ?? []).filter((name) => !headModules.includes(name));
  if (trained.length > 0) refuse("modules_to_save", trained, "of trained modules only a reward model's score is read");
  if (bias && bias !== "none" && model.biases.length > 0) refuse("bias", bias, `this model has biases; "none" is read`);
  if (start != null && !plainStarts.some((plain) => plain === start))
    refuse(
      "init_lora_weights",
      start,
      "it changes the base's own weights; PEFT can convert such an adapter when it saves",
    );
  if (typeof config.target_modules === "string" && config.layers_to_transform != null)
    refuse("layers_to_transform", config.layers_to_transform, "it needs target_modules as a list of names");
  if (config.layers_pattern?.length && config.layers_to_transform == null)
    refuse("layers_pattern", config.layers_pattern, "it needs layers_to_transform");
  return config;
}
