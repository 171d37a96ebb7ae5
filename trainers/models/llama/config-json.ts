// config.json of the Llama family, as Transformers 5.23 reads it: what of it is used, what changes nothing, and what is refused.
import { z } from "zod";
import { type ActivationName, activationNames } from "../../engine/activation-names";
import type { ModelConfig } from "../config";
import type { SpecialIds } from "../family";
import { type FieldLists, parsedFields, refuseOthers } from "../fields";
import { parseRope, ropeFields, toRopeParameters } from "../parts/rope-config";
import { linearGroups } from "./weight-names";

const usedFields = z.object({
  model_type: z.string(),
  vocab_size: z.int().min(1),
  hidden_size: z.int().min(1),
  intermediate_size: z.int().min(1),
  num_hidden_layers: z.int().min(1),
  num_attention_heads: z.int().min(1),
  num_key_value_heads: z.int().min(1).nullish(),
  head_dim: z.int().min(2).nullish(),
  rms_norm_eps: z.number().default(1e-6),
  hidden_act: z.string().default("silu"),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  use_sliding_window: z.boolean().default(false),
  layer_types: z.array(z.string()).nullish(),
  quantization_config: z.unknown().optional(),
  ...ropeFields,
});

/** Options of generation, which old files keep here: a run says itself how it samples. The end tokens are read with the tokenizer. */
const generationFields = [
  ...["eos_token_id", "bos_token_id", "pad_token_id", "decoder_start_token_id", "sep_token_id"],
  ...["max_length", "max_new_tokens", "min_length", "do_sample", "num_beams", "num_return_sequences", "early_stopping"],
  ...["temperature", "top_k", "top_p", "typical_p", "repetition_penalty", "length_penalty", "no_repeat_ngram_size"],
  ...["bad_words_ids", "diversity_penalty", "num_beam_groups", "encoder_no_repeat_ngram_size", "suppress_tokens"],
  ...["begin_suppress_tokens", "forced_bos_token_id", "forced_eos_token_id", "remove_invalid_values"],
  ...["exponential_decay_length_penalty", "output_scores", "return_dict_in_generate"],
];

const fields: FieldLists = {
  used: Object.keys(usedFields.shape),
  harmless: [
    ...generationFields,
    ...["architectures", "_name_or_path", "name_or_path", "transformers_version", "auto_map", "_commit_hash"],
    ...["torch_dtype", "dtype"], // the file says of each tensor what it is
    ...["use_cache", "return_dict", "output_attentions", "output_hidden_states", "chunk_size_feed_forward"],
    ...["_attn_implementation", "attn_implementation", "_attn_implementation_autoset", "_flash_attn_2_enabled"],
    ...["initializer_range", "pretraining_tp", "gradient_checkpointing"], // Transformers 5 ignores the second
    ...["attention_dropout", "hidden_dropout", "resid_pdrop"], // no run here has dropout, as TRL's disable_dropout
    ...["sliding_window", "max_window_layers"], // of use_sliding_window and layer_types, which are refused
    ...["finetuning_task", "id2label", "label2id", "num_labels", "problem_type", "task_specific_params"],
    ...["tokenizer_class", "prefix", "is_llama_config", "transformers.js_config", "unsloth_version", "unsloth_fixed"],
    ...["model_max_length", "max_sequence_length", "pad_vocab_size_multiple", "torchscript", "pruned_heads"],
    ...["use_bfloat16", "tf_legacy_loss"],
  ],
  only: {
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
  },
};

/** Other names of the same. */
const activationAliases: Record<string, ActivationName> = { swish: "silu", gelu_new: "gelu_pytorch_tanh" };
const activationOf = (name: string): ActivationName | undefined =>
  Object.hasOwn(activationAliases, name) ? activationAliases[name] : activationNames.find((known) => known === name);

/** Throws, with the file's name, on what the forward pass would get wrong. */
export function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const c = parsedFields(usedFields, json, source);
  refuseOthers(json, fields, source);
  const refuse = (what: string) => {
    throw new Error(`${source} asks for ${what}`);
  };
  if (c.mlp_bias) refuse("biases in the MLP (mlp_bias), which are not supported");
  if (c.use_sliding_window) refuse("sliding-window attention (use_sliding_window), which is not supported");
  const partial = c.layer_types?.find((type) => type !== "full_attention");
  if (partial !== undefined) refuse(`layer_types "${partial}"; supported is "full_attention"`);
  const activation = activationOf(c.hidden_act);
  if (!activation)
    throw new Error(`${source} asks for hidden_act "${c.hidden_act}"; supported are ${activationNames.join(", ")}`);
  if (c.quantization_config != null)
    refuse("quantization_config; a folder's weights are read in float32, float16 or bfloat16, smaller ones from GGUF");
  const kvHeads = c.num_key_value_heads ?? c.num_attention_heads;
  if (c.num_attention_heads % kvHeads !== 0)
    refuse(`${c.num_attention_heads} heads over num_key_value_heads ${kvHeads}, which do not divide them`);
  const headDim = c.head_dim ?? c.hidden_size / c.num_attention_heads;
  if (headDim % 2 !== 0) refuse(`heads of ${headDim} dimensions; rotary positions need an even number`);
  return {
    family: "llama",
    vocabSize: c.vocab_size,
    hiddenSize: c.hidden_size,
    intermediateSize: c.intermediate_size,
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    kvHeads,
    headDim,
    rmsEpsilon: c.rms_norm_eps,
    ...parseRope(c, source),
    tiedEmbeddings: c.tie_word_embeddings,
    activation,
    // Llama's flag means all four projections of attention; Qwen2 always has the first three.
    biases: c.model_type === "qwen2" ? linearGroups[0] : c.attention_bias ? linearGroups.slice(0, 2).flat() : [],
  };
}

/** The inverse: a config.json that Transformers loads. */
export function toConfigJson(c: ModelConfig, ids: SpecialIds): Record<string, unknown> {
  return {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    vocab_size: c.vocabSize,
    hidden_size: c.hiddenSize,
    intermediate_size: c.intermediateSize,
    num_hidden_layers: c.layers,
    num_attention_heads: c.heads,
    num_key_value_heads: c.kvHeads,
    head_dim: c.headDim,
    rms_norm_eps: c.rmsEpsilon,
    rope_theta: c.ropeTheta,
    ...(c.ropeScaling.type !== "none" && { rope_parameters: toRopeParameters(c) }),
    tie_word_embeddings: c.tiedEmbeddings,
    hidden_act: c.activation,
    attention_bias: false,
    mlp_bias: false,
    max_position_embeddings: 512,
    torch_dtype: "float32",
    bos_token_id: ids.bos,
    eos_token_id: ids.eos,
    pad_token_id: ids.pad,
  };
}
