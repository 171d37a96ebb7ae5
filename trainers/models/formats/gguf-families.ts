// What GGUF calls each family's models and their parts: ggml-org/llama.cpp, conversion/, src/models/ and gguf-py/gguf/tensor_mapping.py.
import { namesOf } from "../names";
import type { GgufFamily, Sizes } from "./gguf-family";
import { mamba, mamba2 } from "./gguf-state-space";

const attention = {
  attn_q: "self_attn.q_proj",
  attn_k: "self_attn.k_proj",
  attn_v: "self_attn.v_proj",
  attn_output: "self_attn.o_proj",
};
const mlp = { ffn_gate: "mlp.gate_proj", ffn_up: "mlp.up_proj", ffn_down: "mlp.down_proj" };
const norms = { attn_norm: "input_layernorm", ffn_norm: "post_attention_layernorm" };
const headNorms = { attn_q_norm: "self_attn.q_norm", attn_k_norm: "self_attn.k_norm" };
const normsAfter = {
  post_attention_norm: "post_attention_layernorm",
  post_ffw_norm: "post_feedforward_layernorm",
};
const normsAround = { ...normsAfter, attn_norm: "input_layernorm", ffn_norm: "pre_feedforward_layernorm" };

const base: GgufFamily = {
  architecture: "llama",
  modelType: "llama",
  className: "LlamaForCausalLM",
  names: namesOf({ family: "llama" }),
  tensors: { ...norms, ...attention, ...mlp },
  rows: "pairs",
  normOffset: 0,
  fields: {},
  implied: () => ({}),
};
const expertCounts = (count: string) => ({ expert_count: count, expert_used_count: "num_experts_per_tok" });
const graniteScales = {
  "attention.scale": "attention_multiplier",
  embedding_scale: "embedding_multiplier",
  residual_scale: "residual_multiplier",
  logit_scale: "logits_scaling",
};
const noKeyHeads = { num_key_value_heads: null, head_dim: null };
const noRotation = { rope_theta: null, attention_bias: null };
const llama = { ...base, ropeFactors: "llama3" } as const;
const window = { "attention.sliding_window": "sliding_window" };
const gemma2: GgufFamily = {
  ...base,
  architecture: "gemma2",
  modelType: "gemma2",
  className: "Gemma2ForCausalLM",
  tensors: { ...normsAround, ...attention, ...mlp },
  rows: "same",
  normOffset: 1,
  fields: {
    ...window,
    attn_logit_softcapping: "attn_logit_softcapping",
    final_logit_softcapping: "final_logit_softcapping",
  },
  // llama.cpp knows the model of 27 billion weights by its layers.
  implied: (sizes) => ({ query_pre_attn_scalar: scoreScale(sizes, 46) }),
};
const scoreScale = (
  { num_hidden_layers: layers, hidden_size: d, num_attention_heads: heads, head_dim }: Sizes,
  of: number,
) => (layers === of ? d / heads : head_dim);

export const ggufFamilies: readonly GgufFamily[] = [
  llama,
  { ...base, architecture: "qwen2", modelType: "qwen2", className: "Qwen2ForCausalLM", rows: "same" },
  {
    ...base,
    architecture: "qwen3",
    modelType: "qwen3",
    className: "Qwen3ForCausalLM",
    tensors: { ...base.tensors, ...headNorms },
    rows: "same",
  },
  {
    ...base,
    architecture: "smollm3",
    modelType: "smollm3",
    className: "SmolLM3ForCausalLM",
    implied: () => ({ no_rope_layer_interval: 4 }),
  },
  {
    ...base,
    architecture: "olmo2",
    modelType: "olmo2",
    className: "Olmo2ForCausalLM",
    tensors: { ...normsAfter, ...headNorms, ...attention, ...mlp },
    rows: "same",
  },
  {
    ...base,
    architecture: "phi3",
    modelType: "phi3",
    className: "Phi3ForCausalLM",
    tensors: {
      ...norms,
      attn_qkv: "self_attn.qkv_proj",
      attn_output: "self_attn.o_proj",
      ffn_up: "mlp.gate_up_proj",
      ffn_down: "mlp.down_proj",
    },
    rows: "same",
    ropeFactors: "longrope",
    fields: window,
    implied: ({ head_dim }, turned) => ({ partial_rotary_factor: turned / head_dim }),
  },
  {
    ...llama,
    architecture: "granite",
    modelType: "granite",
    className: "GraniteForCausalLM",
    fields: graniteScales,
  },
  gemma2,
  {
    ...gemma2,
    architecture: "gemma3",
    modelType: "gemma3_text",
    className: "Gemma3ForCausalLM",
    tensors: { ...gemma2.tensors, ...headNorms },
    fields: { ...window, "rope.freq_base_swa": "rope_local_base_freq" },
    implied: (sizes) => ({ query_pre_attn_scalar: scoreScale(sizes, 62) }),
  },
  {
    ...llama, // llama.cpp tells it by its experts
    modelType: "mixtral",
    className: "MixtralForCausalLM",
    tensors: { ...norms, ...attention, ffn_gate_inp: "block_sparse_moe.gate" },
    experts: true,
    fields: expertCounts("num_local_experts"),
  },
  {
    ...base,
    architecture: "qwen3moe",
    modelType: "qwen3_moe",
    className: "Qwen3MoeForCausalLM",
    tensors: { ...norms, ...attention, ...headNorms, ffn_gate_inp: "mlp.gate" },
    experts: true,
    rows: "same",
    fields: { ...expertCounts("num_experts"), expert_feed_forward_length: "moe_intermediate_size" },
    implied: () => ({ norm_topk_prob: true }),
  },
  {
    ...base,
    architecture: "olmoe",
    modelType: "olmoe",
    className: "OlmoeForCausalLM",
    tensors: { ...norms, ...attention, ...headNorms, ffn_gate_inp: "mlp.gate" },
    experts: true,
    heads: "alike",
    ownHead: true,
    rows: "same",
    fields: expertCounts("num_experts"),
    implied: () => ({ norm_topk_prob: false }),
  },
  {
    ...llama,
    architecture: "granitemoe",
    modelType: "granitemoe",
    className: "GraniteMoeForCausalLM",
    tensors: { ...norms, ...attention, ffn_gate_inp: "block_sparse_moe.router.layer" },
    experts: true,
    fields: { ...graniteScales, ...expertCounts("num_local_experts") },
  },
  {
    architecture: "gptneox",
    modelType: "gpt_neox",
    className: "GPTNeoXForCausalLM",
    names: namesOf({ family: "gpt_neox" }),
    tensors: {
      ...norms,
      attn_qkv: "attention.query_key_value",
      attn_output: "attention.dense",
      ffn_up: "mlp.dense_h_to_4h",
      ffn_down: "mlp.dense_4h_to_h",
    },
    heads: "alike",
    ownHead: true,
    rows: "parts",
    normOffset: 0,
    fields: { use_parallel_residual: "use_parallel_residual" },
    implied: ({ head_dim }, turned) => ({ rotary_pct: turned / head_dim }),
    renamed: { ...noKeyHeads, rms_norm_eps: "layer_norm_eps", rope_theta: "rotary_emb_base" },
  },
  {
    architecture: "bloom",
    modelType: "bloom",
    className: "BloomForCausalLM",
    names: namesOf({ family: "bloom" }),
    tensors: {
      ...norms,
      attn_qkv: "self_attention.query_key_value",
      attn_output: "self_attention.dense",
      ffn_up: "mlp.dense_h_to_4h",
      ffn_down: "mlp.dense_4h_to_h",
    },
    heads: "alike",
    rows: "parts",
    normOffset: 0,
    fields: {},
    implied: () => ({}),
    renamed: {
      ...noKeyHeads,
      ...noRotation,
      num_hidden_layers: "n_layer",
      num_attention_heads: "n_head",
      intermediate_size: null,
      max_position_embeddings: "seq_length",
      rms_norm_eps: "layer_norm_epsilon",
    },
  },
  mamba,
  mamba2,
  {
    architecture: "gpt2",
    modelType: "gpt2",
    className: "GPT2LMHeadModel",
    names: namesOf({ family: "gpt2" }),
    tensors: {
      attn_norm: "ln_1",
      attn_qkv: "attn.c_attn",
      attn_output: "attn.c_proj",
      ffn_norm: "ln_2",
      ffn_up: "mlp.c_fc",
      ffn_down: "mlp.c_proj",
    },
    heads: "alike",
    rows: "same",
    normOffset: 0,
    fields: {},
    implied: () => ({ activation_function: "gelu_new" }),
    renamed: {
      ...noKeyHeads,
      hidden_size: "n_embd",
      num_hidden_layers: "n_layer",
      num_attention_heads: "n_head",
      intermediate_size: "n_inner",
      max_position_embeddings: "n_positions",
      rms_norm_eps: "layer_norm_epsilon",
      ...noRotation,
    },
  },
];
