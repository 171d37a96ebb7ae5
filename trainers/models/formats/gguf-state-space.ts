// What GGUF has of Mamba and Mamba-2 (ggml-org/llama.cpp, conversion/mamba.py): keys of their own, rates in place of their logarithms, and
// tensors whose numbers lie in other shapes.
import { z } from "zod";
import type { ModelConfig } from "../config";
import { parsedFields, repeats } from "../fields";
import { namesOf } from "../names";
import type { GgufFamily, GgufTensors } from "./gguf-family";
import { count, real } from "./gguf-values";

const common = { rows: "same", normOffset: 0, fields: {}, implied: () => ({}), stateSpace: true } as const;
const tensors = {
  attn_norm: "norm",
  ssm_in: "mixer.in_proj",
  ssm_conv1d: "mixer.conv1d",
  ssm_out: "mixer.out_proj",
};
const otherwise = { ssm_a: "mixer.A_log", ssm_d: "mixer.D" };

export const mamba: GgufFamily = {
  ...common,
  architecture: "mamba",
  modelType: "mamba",
  className: "MambaForCausalLM",
  names: namesOf({ family: "mamba" }),
  tensors: { ...tensors, ssm_x: "mixer.x_proj", ssm_dt: "mixer.dt_proj" },
  otherwise,
};
export const mamba2: GgufFamily = {
  ...common,
  architecture: "mamba2",
  modelType: "mamba2",
  className: "Mamba2ForCausalLM",
  names: namesOf({ family: "mamba2" }),
  tensors: { ...tensors, ssm_norm: "mixer.norm" },
  otherwise: { ...otherwise, "ssm_dt.bias": "mixer.dt_bias" },
};

const size = z.int().min(1);
/** After the architecture's name and a dot. */
export const stateSpaceKeys = z.object({
  block_count: repeats,
  embedding_length: size,
  "attention.layer_norm_rms_epsilon": z.number(),
  "ssm.conv_kernel": size,
  "ssm.inner_size": size,
  "ssm.state_size": size,
  "ssm.time_step_rank": size,
  "ssm.group_count": size.default(1),
});

/** The model's config.json, of what the file says after the architecture's name. */
export function stateSpaceJson(
  own: Record<string, unknown>,
  { architecture, modelType, className }: GgufFamily,
  { vocabSize, tied }: GgufTensors,
  source: string,
): Record<string, unknown> {
  const meta = parsedFields(stateSpaceKeys, own, `${source}: ${architecture}`);
  const { embedding_length: d, "ssm.inner_size": channels, "ssm.time_step_rank": rank } = meta;
  if (modelType === "mamba" && channels !== 2 * d)
    throw new Error(
      `${source}: ${architecture}.ssm.inner_size ${channels} is not supported for embedding_length ${d}: llama.cpp computes twice as many channels alone`,
    );
  const heads = { num_heads: rank, head_dim: channels / rank, n_groups: meta["ssm.group_count"] };
  return {
    architectures: [className],
    model_type: modelType,
    vocab_size: vocabSize,
    hidden_size: d,
    num_hidden_layers: meta.block_count,
    state_size: meta["ssm.state_size"],
    conv_kernel: meta["ssm.conv_kernel"],
    expand: channels / d,
    layer_norm_epsilon: meta["attention.layer_norm_rms_epsilon"],
    use_bias: false,
    use_conv_bias: true,
    ...(modelType === "mamba" ? { time_step_rank: rank } : heads),
    tie_word_embeddings: tied,
    torch_dtype: "float32",
  };
}

export const stateSpaceEntries = ({ intermediateSize, rmsEpsilon, stateSpace }: ModelConfig) => {
  const { state, kernel, rank, heads } = stateSpace!;
  return {
    context_length: count(2 ** 20), // no length ends it; llama.cpp's converter says so too
    feed_forward_length: count(0), // llama.cpp asks for it, and for heads
    "attention.head_count": count(0),
    "attention.layer_norm_rms_epsilon": real(rmsEpsilon),
    "ssm.conv_kernel": count(kernel),
    "ssm.inner_size": count(intermediateSize),
    "ssm.state_size": count(state),
    "ssm.time_step_rank": count(heads?.count ?? rank!),
    ...(heads && { "ssm.group_count": count(heads.groups) }),
  };
};

/** The shape in GGUF of a tensor whose numbers lie otherwise there; null where they do not. */
export function refolded({ stateSpace }: ModelConfig, name: string, shape: readonly number[]): number[] | null {
  const { heads } = stateSpace ?? {};
  if (name.endsWith(".conv1d.weight")) return [shape[0]!, shape[2]!];
  if (heads && /\.mixer\.(A_log|D)$/.test(name)) return [heads.count, 1];
  return heads && name.endsWith(".mixer.norm.weight") ? [heads.groups, shape[0]! / heads.groups] : null;
}

/** Whether Transformers keeps logarithms of a state's rates of decay here, where GGUF has the rates themselves, below zero. */
export const isRate = (name: string) => name.endsWith(".A_log");

export const logsOfRates = (rates: Float32Array, name: string): Float32Array =>
  rates.map((rate) => {
    if (rate < 0) return Math.log(-rate);
    throw new Error(`the file has a rate of ${rate} where ${name} has logarithms: rates of decay are below 0`);
  });
