// adapter_config.json of a LoRA as PEFT 0.21 reads it: what of it is applied, what changes nothing, and what is refused.
import { z } from "zod";
import type { ModelConfig } from "../../models/config";
import { parsePeftConfig, refused, targetFields } from "../peft-config";

/** The part that is applied, in PEFT's names. */
const applied = {
  r: z.int().min(1).default(8),
  lora_alpha: z.number().default(8),
  ...targetFields,
  target_parameters: z.array(z.string()).nullish(),
  rank_pattern: z.record(z.string(), z.int().min(1)).nullish(),
  alpha_pattern: z.record(z.string(), z.number()).nullish(),
  use_rslora: z.boolean().default(false),
  use_dora: z.boolean().default(false),
  modules_to_save: z.array(z.string()).nullish(),
  lora_dropout: z.number().default(0), // written again, and applied where a run asks for its own
};
export type LoraConfig = z.infer<z.ZodObject<typeof applied>> & { target_modules: string | string[] };

const schema = z.object({
  ...applied,
  ensure_weight_tying: z.boolean().nullish(),
  bias: z.string().nullish(),
  init_lora_weights: z.union([z.boolean(), z.string()]).nullish(),
});

const fields = {
  harmless: [
    "megatron_core",
    "qalora_group_size",
    // of a start that is over, or refused by init_lora_weights
    "loftq_config",
    "eva_config",
    "corda_config",
    "lora_ga_config",
  ],
  only: {
    lora_bias: [],
    use_qalora: [],
    use_bdlora: [],
    trainable_token_indices: [],
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

/** Throws at what would be applied otherwise than PEFT applies it. */
export function parseLoraConfig(json: Record<string, unknown>, source: string, model: ModelConfig): LoraConfig {
  const {
    bias,
    init_lora_weights: start,
    ensure_weight_tying: ties,
    ...config
  } = parsePeftConfig(schema, fields, json, source);
  const refuse = (name: string, value: unknown, why: string) => refused(source, name, value, why);
  if (bias && bias !== "none" && model.biases.length > 0) refuse("bias", bias, `this model has biases; "none" is read`);
  if (start != null && !plainStarts.some((plain) => plain === start))
    refuse(
      "init_lora_weights",
      start,
      "it changes the base's own weights; PEFT can convert such an adapter when it saves",
    );
  if (ties && model.tiedEmbeddings && config.modules_to_save?.length)
    refuse("ensure_weight_tying", ties, "embeddings or a head that are trained whole come apart here, as with false");
  if (typeof config.target_modules === "string" && config.layers_to_transform != null)
    refuse("layers_to_transform", config.layers_to_transform, "it needs target_modules as a list of names");
  if (config.layers_pattern?.length && config.layers_to_transform == null)
    refuse("layers_pattern", config.layers_pattern, "it needs layers_to_transform");
  const ofParameters = (config.target_parameters ?? []).length > 0;
  for (const name of ["use_dora", "lora_dropout"] as const)
    if (ofParameters && config[name]) refuse(name, config[name], "PEFT has none beside target_parameters");
  const usual = ofParameters ? [] : ["q_proj", "v_proj"]; // PEFT's for Llama and Qwen2
  return { ...config, target_modules: config.target_modules ?? usual };
}
