// config.json of Llama, Qwen2 and Mistral.
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { SpecialIds } from "../family";
import { parseDecoderConfig, switchedWindowFields, windowFields, windowsOf } from "../parts/decoder-config";
import { toRopeParameters } from "../parts/rope-config";
import { linearGroups } from "./weight-names";

const qwen2 = { ...switchedWindowFields, max_window_layers: z.int() };
const mistral = { sliding_window: windowFields.sliding_window };
const llama = { layer_types: z.array(z.enum(["full_attention"])).nullish() };

/** Throws, with the file's name, on what the forward pass would get wrong. */
export function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  if (json.model_type === "qwen2") {
    const defaults = { use_sliding_window: false, sliding_window: 4096, max_window_layers: 28 };
    const { config, own } = parseDecoderConfig("llama", qwen2, defaults, json, source);
    const isLocal = (layer: number) => layer >= own.max_window_layers;
    // Llama's attention_bias means all four projections; Qwen2 always has the first three.
    return { ...config, biases: linearGroups[0], ...windowsOf(config, own, isLocal, source) };
  }
  if (json.model_type === "mistral") {
    const { config, own } = parseDecoderConfig("llama", mistral, { sliding_window: 4096 }, json, source);
    return { ...config, ...windowsOf(config, own, () => true, source) };
  }
  return parseDecoderConfig("llama", llama, {}, json, source).config;
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
