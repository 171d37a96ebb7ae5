// config.json of decoders as Transformers 5.23 reads it: what of it all families use, what changes nothing, and what is refused.
import { z } from "zod";
import { type ActivationName, activationNames } from "../../engine/activation-names";
import type { FamilyName, ModelConfig } from "../config";
import { parsedFields, refuseOthers, repeats } from "../fields";
import { parseRope, ropeFields } from "./rope-config";

const fields = {
  model_type: z.string(),
  vocab_size: z.int().min(1),
  hidden_size: z.int().min(1),
  intermediate_size: z.int().min(1),
  num_hidden_layers: repeats,
  num_attention_heads: z.int().min(1),
  num_key_value_heads: z.int().min(1).nullish(),
  head_dim: z.int().min(2).nullish(),
  rms_norm_eps: z.number().default(1e-6),
  hidden_act: z.string().default("silu"),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  quantization_config: z.unknown().optional(),
  ...ropeFields,
};

/** How far back layers see: for families whose config.json says it of each layer. */
export const windowFields = {
  sliding_window: z.int().min(1).nullish(),
  layer_types: z.array(z.enum(["full_attention", "sliding_attention"])).nullish(),
};

/** The same for families that switch their windows on. */
export const switchedWindowFields = { ...windowFields, use_sliding_window: z.boolean() };

interface Windows extends Partial<z.infer<z.ZodObject<typeof windowFields>>> {
  use_sliding_window?: boolean;
}

/** Options of generation, which old files keep here: a run says itself how it samples. The end tokens are read with the tokenizer. */
const generationFields = [
  ...["eos_token_id", "bos_token_id", "pad_token_id", "decoder_start_token_id", "sep_token_id"],
  ...["max_length", "max_new_tokens", "min_length", "do_sample", "num_beams", "num_return_sequences", "early_stopping"],
  ...["temperature", "top_k", "top_p", "typical_p", "repetition_penalty", "length_penalty", "no_repeat_ngram_size"],
  ...["bad_words_ids", "diversity_penalty", "num_beam_groups", "encoder_no_repeat_ngram_size", "suppress_tokens"],
  ...["begin_suppress_tokens", "forced_bos_token_id", "forced_eos_token_id", "remove_invalid_values"],
  ...["exponential_decay_length_penalty", "output_scores", "return_dict_in_generate"],
];

const harmless = [
  ...generationFields,
  ...["architectures", "_name_or_path", "name_or_path", "transformers_version", "auto_map", "_commit_hash"],
  ...["torch_dtype", "dtype"], // the file says of each tensor what it is
  ...["use_cache", "return_dict", "output_attentions", "output_hidden_states", "chunk_size_feed_forward"],
  ...["_attn_implementation", "attn_implementation", "_attn_implementation_autoset", "_flash_attn_2_enabled"],
  ...["initializer_range", "pretraining_tp", "gradient_checkpointing"], // Transformers 5 ignores the second
  ...["attention_dropout", "hidden_dropout", "resid_pdrop", "embd_pdrop", "attn_pdrop"], // no run here has dropout, as TRL's disable_dropout
  ...["sliding_window", "max_window_layers"], // where a family has no windows, or use_sliding_window is off
  ...["n_ctx", "reorder_and_upcast_attn"], // GPT-2's: n_positions again, and an order of operations that float32 does not need
  ...["summary_type", "summary_use_proj", "summary_activation", "summary_proj_to_labels", "summary_first_dropout"],
  ...["finetuning_task", "id2label", "label2id", "num_labels", "problem_type", "task_specific_params"],
  ...["tokenizer_class", "prefix", "is_llama_config", "transformers.js_config", "unsloth_version", "unsloth_fixed"],
  ...["model_max_length", "max_sequence_length", "pad_vocab_size_multiple", "torchscript", "pruned_heads"],
  ...["use_bfloat16", "tf_legacy_loss"],
];

/** What changes a computation, in families that do not use it. */
const only = {
  logit_scale: [1],
  logits_scaling: [1],
  attention_multiplier: [],
  embedding_multiplier: [1],
  residual_multiplier: [1],
  final_logit_softcapping: [],
  attn_logit_softcapping: [],
  is_encoder_decoder: [],
  add_cross_attention: [],
  tie_encoder_decoder: [],
  cross_attention_hidden_size: [],
  rope_interleaved: [],
  use_sliding_window: [],
  use_bidirectional_attention: [],
  lm_head_bias: [],
  interpolate_factor: [1],
  full_attn_mod: [1],
};

/** Other names of the same. */
const activationAliases: Record<string, ActivationName> = { swish: "silu", gelu_new: "gelu_pytorch_tanh" };
const activationOf = (name: string): ActivationName | undefined =>
  Object.hasOwn(activationAliases, name) ? activationAliases[name] : activationNames.find((known) => known === name);

/** Attention's projections, of which `attention_bias` means all. */
const projections = ["q_proj", "k_proj", "v_proj", "o_proj"].map((name) => `self_attn.${name}`);

/**
 * Reads what all families have, and `own` fields of a family's own; what the file leaves out is as in `defaults`, Transformers' for the
 * family. Throws, with the file's name, on what the forward pass would get wrong.
 */
export function parseDecoderConfig<Own extends z.ZodRawShape>(
  family: FamilyName,
  own: Own,
  defaults: Record<string, unknown>,
  file: Record<string, unknown>,
  source: string,
): { config: ModelConfig; own: z.infer<z.ZodObject<Own>> } {
  const json = { ...defaults, ...file };
  refuseOthers(json, { used: Object.keys({ ...fields, ...own }), harmless, only }, source);
  const c = parsedFields(z.object(fields), json, source);
  const refuse = (what: string) => {
    throw new Error(`${source} asks for ${what}`);
  };
  if (c.mlp_bias) refuse("biases in the MLP (mlp_bias), which are not supported");
  const activation = activationOf(c.hidden_act);
  if (!activation)
    throw new Error(`${source} asks for hidden_act "${c.hidden_act}"; supported are ${activationNames.join(", ")}`);
  if (c.quantization_config != null)
    refuse(
      "this quantization_config; a folder's weights are read in float32, float16 or bfloat16, or packed by GPTQ in 4 or 8 bits or by AWQ in 4 (gemm), others from GGUF",
    );
  const kvHeads = c.num_key_value_heads ?? c.num_attention_heads;
  if (c.num_attention_heads % kvHeads !== 0)
    refuse(`${c.num_attention_heads} heads over num_key_value_heads ${kvHeads}, which do not divide them`);
  const headDim = c.head_dim ?? c.hidden_size / c.num_attention_heads;
  if (headDim % 2 !== 0) refuse(`heads of ${headDim} dimensions; rotary positions need an even number`);
  const config = {
    family,
    vocabSize: c.vocab_size,
    hiddenSize: c.hidden_size,
    intermediateSize: c.intermediate_size,
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    kvHeads,
    headDim,
    rmsEpsilon: c.rms_norm_eps,
    ...parseRope(c, headDim, source),
    tiedEmbeddings: c.tie_word_embeddings,
    activation,
    biases: c.attention_bias ? projections : [],
  };
  if (config.rotaryDims !== undefined && !Object.hasOwn(own, "partial_rotary_factor"))
    refuse(
      `${config.rotaryDims} of ${headDim} dimensions of a head turned (partial_rotary_factor), which ${c.model_type} models are not`,
    );
  return { config, own: parsedFields(z.object(own), json, source) };
}

/** Each layer's window by `layer_types`, or where these are not said, by `isLocal`. Nothing where no layer has one. */
export function windowsOf(
  { layers }: ModelConfig,
  { sliding_window, layer_types: types, use_sliding_window: isOn = true }: Windows,
  isLocal: (layer: number) => boolean,
  source: string,
): Pick<ModelConfig, "windows"> {
  if (types && types.length !== layers)
    throw new Error(`${source} has ${types.length} layer_types for ${layers} layers; they must be as many`);
  const window = isOn ? sliding_window : null;
  const isWindowed = (layer: number) => (types ? types[layer] === "sliding_attention" : isLocal(layer));
  const windows = Array.from({ length: layers }, (_, layer) => (isWindowed(layer) ? (window ?? null) : null));
  if (types?.includes("sliding_attention") && window == null)
    throw new Error(`${source} has layer_types "sliding_attention" without a sliding_window, whose length they need`);
  return windows.some((each) => each !== null) ? { windows } : {};
}
