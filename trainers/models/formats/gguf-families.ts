// What GGUF calls each family's models and their parts: ggml-org/llama.cpp, conversion/, src/models/ and gguf-py/gguf/tensor_mapping.py.
import { floatMemory } from "./float-memory";
import type { HostTensor } from "./safetensors";

/** What the keys say that all architectures have, as fields of config.json. */
interface Sizes {
  num_hidden_layers: number;
  hidden_size: number;
  num_attention_heads: number;
  head_dim: number;
}

export interface GgufFamily {
  /** `general.architecture`, which most keys begin with. */
  architecture: string;
  /** What config.json says. */
  modelType: string;
  className: string;
  /** A block's tensors, GGUF's names and Transformers'. */
  tensors: Record<string, string>;
  /** Whether the two halves of a head that turn together, which Transformers keeps apart, are neighbours in rows of q and k. */
  interleaved: boolean;
  /** What norms hold more than Transformers' do. */
  normOffset: 0 | 1;
  /** Keys beside those that all architectures have (without the architecture's name), and fields of config.json for the same. */
  fields: Record<string, string>;
  /** What is so without a key. `turned`: dimensions of a head that positions turn. */
  implied(sizes: Sizes, turned: number): Record<string, unknown>;
}

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

const llama: GgufFamily = {
  architecture: "llama",
  modelType: "llama",
  className: "LlamaForCausalLM",
  tensors: { ...norms, ...attention, ...mlp },
  interleaved: true,
  normOffset: 0,
  fields: {},
  implied: () => ({}),
};
const window = { "attention.sliding_window": "sliding_window" };
const gemma2: GgufFamily = {
  ...llama,
  architecture: "gemma2",
  modelType: "gemma2",
  className: "Gemma2ForCausalLM",
  tensors: { ...normsAround, ...attention, ...mlp },
  interleaved: false,
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
  { ...llama, architecture: "qwen2", modelType: "qwen2", className: "Qwen2ForCausalLM", interleaved: false },
  {
    ...llama,
    architecture: "qwen3",
    modelType: "qwen3",
    className: "Qwen3ForCausalLM",
    tensors: { ...llama.tensors, ...headNorms },
    interleaved: false,
  },
  {
    ...llama,
    architecture: "smollm3",
    modelType: "smollm3",
    className: "SmolLM3ForCausalLM",
    implied: () => ({ no_rope_layer_interval: 4 }),
  },
  {
    ...llama,
    architecture: "olmo2",
    modelType: "olmo2",
    className: "Olmo2ForCausalLM",
    tensors: { ...normsAfter, ...headNorms, ...attention, ...mlp },
    interleaved: false,
  },
  {
    ...llama,
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
    interleaved: false,
    fields: window,
    implied: ({ head_dim }, turned) => ({ partial_rotary_factor: turned / head_dim }),
  },
  {
    ...llama,
    architecture: "granite",
    modelType: "granite",
    className: "GraniteForCausalLM",
    fields: {
      "attention.scale": "attention_multiplier",
      embedding_scale: "embedding_multiplier",
      residual_scale: "residual_multiplier",
      logit_scale: "logits_scaling",
    },
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
];

const outer: Record<string, string> = {
  "token_embd.weight": "model.embed_tokens.weight",
  "output_norm.weight": "model.norm.weight",
  "output.weight": "lm_head.weight",
};

/** Transformers' name of a tensor, undefined where the family has none. */
export function huggingFaceName({ tensors }: GgufFamily, name: string): string | undefined {
  const [, layer, part, kind] = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name) ?? [];
  if (layer === undefined) return outer[name];
  return Object.hasOwn(tensors, part!) ? `model.layers.${layer}.${tensors[part!]}.${kind}` : undefined;
}

/** The inverse. Throws on a tensor that the family does not have. */
export function ggufName({ architecture, tensors }: GgufFamily, name: string): string {
  const keyOf = (names: Record<string, string>, value: string) =>
    Object.keys(names).find((key) => names[key] === value);
  const [, layer, part, kind] = /^model\.layers\.(\d+)\.(.+)\.(weight|bias)$/.exec(name) ?? [];
  const key = layer === undefined ? keyOf(outer, name) : keyOf(tensors, part!);
  if (!key) throw new Error(`GGUF's ${architecture} has no place for ${name}`);
  return layer === undefined ? key : `blk.${layer}.${key}.${kind}`;
}

/** How many heads a tensor's rows belong to, where they are interleaved in GGUF; null for other tensors. */
export function interleavedHeads(
  { interleaved }: GgufFamily,
  name: string,
  { heads, kvHeads }: { heads: number; kvHeads: number },
): number | null {
  if (!interleaved) return null;
  if (/q_proj\.(weight|bias)$/.test(name)) return heads;
  return /k_proj\.(weight|bias)$/.test(name) ? kvHeads : null;
}

/** Where GGUF keeps a row of Q or K: of a head's two halves, which Hugging Face keeps apart, the rotated pairs are neighbours there. */
function ggufRow(row: number, half: number): number {
  const [head, within] = [Math.floor(row / (2 * half)), row % (2 * half)];
  return head * 2 * half + (within % half) * 2 + Math.floor(within / half);
}

/** Rows of Q or K, out of GGUF's order into Hugging Face's or the other way. */
export function reordered({ shape, data }: HostTensor, heads: number, from: "gguf" | "hugging face"): Float32Array {
  const [rows, columns = 1] = shape as [number, number?];
  const out = floatMemory(data.length);
  for (let row = 0; row < rows; row++) {
    const there = ggufRow(row, rows / heads / 2);
    const [source, target] = from === "gguf" ? [there, row] : [row, there];
    out.set(data.subarray(source * columns, (source + 1) * columns), target * columns);
  }
  return out;
}
