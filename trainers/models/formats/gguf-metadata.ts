// What a GGUF file says of its model, key by key: used, known to change nothing, or refused. Keys: ggml-org/ggml, docs/gguf.md.
// It becomes the config.json that the model had, which its family reads.
import { z } from "zod";
import type { ModelConfig } from "../config";
import { parseModelConfig } from "../families";
import { parsedFields, refuseOthers, repeats } from "../fields";
import { ggufFamilies } from "./gguf-families";
import type { GgufFamily, GgufTensors } from "./gguf-family";
import { stateSpaceJson, stateSpaceKeys } from "./gguf-state-space";
import { tokenizerKeys } from "./gguf-tokenizer";

/** After the architecture's name and a dot. */
const keys = z.object({
  block_count: repeats,
  context_length: z.int().min(1),
  embedding_length: z.int().min(1),
  feed_forward_length: z.int().min(1),
  "attention.head_count": z.int().min(1),
  "attention.head_count_kv": z.int().min(1).optional(),
  "attention.key_length": z.int().min(2).optional(),
  "attention.value_length": z.int().min(2).optional(),
  "attention.layer_norm_rms_epsilon": z.number().optional(),
  "attention.layer_norm_epsilon": z.number().optional(),
  "rope.dimension_count": z.int().optional(),
  "rope.freq_base": z.number().default(10_000),
  "rope.scaling.type": z.string().optional(),
  "rope.scaling.factor": z.number().optional(),
  "rope.scale_linear": z.number().optional(),
  "rope.scaling.original_context_length": z.int().optional(),
  "rope.scaling.attn_factor": z.number().optional(),
  "rope.scaling.yarn_beta_fast": z.number().optional(),
  "rope.scaling.yarn_beta_slow": z.number().optional(),
});
type Keys = z.infer<typeof keys>;

const isGeneral = (key: string) =>
  /^(general|quantize|split|version$|tensor_count$|kv_count$|tokenizer\.chat_template\.)/.test(key);

/** Every sequence of numbers in GGUF may be of bigints, and those with a fraction are float32: the shortest decimal of that. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "number" || Number.isInteger(value)) return value;
  const digits = [6, 7, 8, 9].find((count) => Math.fround(Number(value.toPrecision(count))) === Math.fround(value));
  return Math.fround(value) === value ? Number(value.toPrecision(digits)) : value;
}

/** Throws, with file, key and value, on what the forward pass would get wrong. `json` is the model's config.json. */
export function parseGgufMetadata(
  metadata: Record<string, unknown>,
  tensors: GgufTensors,
  source: string,
): { config: ModelConfig; json: Record<string, unknown> } {
  const all = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, plain(value)]));
  const family = ggufFamilyOf(all, source);
  const parts = Number(all["split.count"] ?? 1);
  if (parts > 1)
    throw new Error(`${source} is one of ${parts} parts (split.count); join them with llama-gguf-split --merge`);
  refuseUnknown(all, family, source);
  const prefix = `${family.architecture}.`;
  const own = Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])),
  );
  const json = (family.stateSpace ? stateSpaceJson : configJson)(own, family, tensors, source);
  return { json, config: parseModelConfig(json, source) };
}

export function ggufFamilyOf(metadata: Record<string, unknown>, source: string): GgufFamily {
  const architecture = metadata["general.architecture"];
  const known = [...new Set(ggufFamilies.map((family) => `"${family.architecture}"`))];
  const found = ggufFamilies.filter((family) => family.architecture === architecture);
  const hasExperts = Number(metadata[`${architecture}.expert_count`] ?? 0) > 0;
  const family = found.find(({ experts = false }) => experts === hasExperts) ?? found[0];
  if (family) return family;
  throw new Error(`${source} holds a model of architecture "${architecture}"; supported are ${known.join(", ")}`);
}

function refuseUnknown(all: Record<string, unknown>, family: GgufFamily, source: string): void {
  const { architecture, fields, stateSpace } = family;
  const full = (names: string[]) => names.map((name) => `${architecture}.${name}`);
  const only = {
    expert_count: [0],
    expert_used_count: [0],
    logit_scale: [1],
    residual_scale: [1],
    embedding_scale: [1],
    "attention.scale": [],
    "attention.sliding_window": [],
    attn_logit_softcapping: [],
    final_logit_softcapping: [],
    "rope.scaling.yarn_attn_factor": [1],
    "rope.scaling.yarn_ext_factor": [1],
    "ssm.dt_b_c_rms": [false], // Falcon-Mamba's norms
  };
  refuseOthers(
    Object.fromEntries(Object.entries(all).filter(([key]) => !isGeneral(key))),
    {
      used: [
        ...full(Object.keys({ ...(stateSpace ? stateSpaceKeys : keys).shape, ...fields })),
        ...Object.keys(tokenizerKeys.shape),
      ],
      harmless: [
        ...full(["vocab_size", "tensor_data_layout", "rope.scaling.finetuned"]),
        ...(stateSpace ? full(["context_length", "feed_forward_length", "attention.head_count"]) : []),
        ...["tokenizer.ggml.token_type_count"],
        ...["separator", "seperator", "cls", "mask", "prefix", "suffix", "middle", "fim_pre", "fim_suf", "fim_mid"]
          .concat("fim_pad", "fim_rep", "fim_sep")
          .map((name) => `tokenizer.ggml.${name}_token_id`),
        ...["tokenizer.chat_templates", "tokenizer.ggml.remove_extra_whitespaces", "tokenizer.ggml.added_tokens"],
      ],
      only: Object.fromEntries(Object.entries(only).map(([name, values]) => [`${architecture}.${name}`, values])),
    },
    source,
  );
}

/** `own` is what the file says after the architecture's name. */
function configJson(
  own: Record<string, unknown>,
  { architecture, modelType, className, heads, fields, implied, renamed = {} }: GgufFamily,
  { vocabSize, tied, biases, longRope }: GgufTensors,
  source: string,
): Record<string, unknown> {
  const value = z.union([z.number(), z.boolean()]).optional();
  const values = z.object(Object.fromEntries(Object.keys(fields).map((key) => [key, value])));
  const meta = parsedFields(keys, own, `${source}: ${architecture}`);
  const more = parsedFields(values, own, `${source}: ${architecture}`);
  const sizes = {
    num_hidden_layers: meta.block_count,
    hidden_size: meta.embedding_length,
    num_attention_heads: meta["attention.head_count"],
    head_dim: meta["attention.key_length"] ?? meta.embedding_length / meta["attention.head_count"],
  };
  const turned = meta["rope.dimension_count"] ?? sizes.head_dim;
  const taken = implied(sizes, turned);
  const equal: (keyof Keys)[] = ["attention.value_length"];
  if (!("partial_rotary_factor" in taken || "rotary_pct" in taken)) equal.push("rope.dimension_count");
  for (const key of equal)
    if ((meta[key] ?? sizes.head_dim) !== sizes.head_dim)
      throw new Error(
        `${source}: ${architecture}.${key} ${meta[key]} is not supported where keys have length ${sizes.head_dim}: they must be equal`,
      );
  const windows = more["attention.sliding_window"] === 0 ? { sliding_window: null } : {}; // Phi-4, which has none
  const kvHeads = meta["attention.head_count_kv"] ?? sizes.num_attention_heads;
  const { num_attention_heads: queryHeads, head_dim: width, hidden_size: d } = sizes;
  if (heads === "alike" && (kvHeads !== queryHeads || queryHeads * width !== d))
    throw new Error(
      `${source}: ${architecture} has as many key heads as query heads, as wide together as its embeddings; this is ${kvHeads} and ${queryHeads} heads of ${width} for ${d}`,
    );
  const epsilon = meta["attention.layer_norm_rms_epsilon"] ?? meta["attention.layer_norm_epsilon"];
  if (epsilon === undefined) throw new Error(`${source} lacks ${architecture}.attention.layer_norm_rms_epsilon`);
  for (const key of Object.keys(fields).filter((name) => name.startsWith("expert_")))
    if (more[key] === undefined) throw new Error(`${source} lacks ${architecture}.${key}`);
  const json = {
    architectures: [className],
    model_type: modelType,
    vocab_size: vocabSize,
    ...sizes,
    intermediate_size: meta.feed_forward_length,
    num_key_value_heads: kvHeads,
    max_position_embeddings: meta.context_length,
    rms_norm_eps: epsilon,
    rope_theta: meta["rope.freq_base"],
    ...ropeScaling(meta, longRope, architecture, source),
    tie_word_embeddings: tied,
    ...(biases && { attention_bias: true }),
    ...taken,
    ...Object.fromEntries(
      Object.entries(fields).flatMap(([key, field]) => (more[key] === undefined ? [] : [[field, more[key]]])),
    ),
    ...windows,
    torch_dtype: "float32",
  };
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]) => {
      const is = Object.hasOwn(renamed, name) ? renamed[name]! : name;
      return is === null ? [] : [[is, value]];
    }),
  );
}

function ropeScaling(
  meta: Keys,
  longRope: GgufTensors["longRope"],
  architecture: string,
  source: string,
): Record<string, unknown> {
  const said = meta["rope.scaling.type"];
  const attention = meta["rope.scaling.attn_factor"] ?? 1;
  if (longRope) {
    const original = meta["rope.scaling.original_context_length"];
    if (said !== undefined && said !== "longrope")
      throw new Error(
        `${source} has LongRoPE's factors and ${architecture}.rope.scaling.type "${said}"; one is supported`,
      );
    if (original === undefined)
      throw new Error(
        `${source} has LongRoPE's factors and lacks ${architecture}.rope.scaling.original_context_length, which says where they change`,
      );
    return {
      original_max_position_embeddings: original,
      rope_scaling: {
        rope_type: "longrope",
        short_factor: longRope.short.map(plain),
        long_factor: longRope.long.map(plain),
        ...(isUsualScale(attention, meta.context_length / original, original) ? {} : { attention_factor: attention }),
      },
    };
  }
  if (attention !== 1)
    throw new Error(
      `${source}: ${architecture}.rope.scaling.attn_factor ${attention} is supported with LongRoPE's factors alone`,
    );
  const factor = meta["rope.scaling.factor"] ?? meta["rope.scale_linear"] ?? 1;
  if (said === "yarn")
    return {
      rope_scaling: {
        rope_type: "yarn",
        factor,
        original_max_position_embeddings: meta["rope.scaling.original_context_length"] ?? meta.context_length,
        ...(meta["rope.scaling.yarn_beta_fast"] && { beta_fast: meta["rope.scaling.yarn_beta_fast"] }),
        ...(meta["rope.scaling.yarn_beta_slow"] && { beta_slow: meta["rope.scaling.yarn_beta_slow"] }),
      },
    };
  if (said !== undefined && said !== "none" && said !== "linear")
    throw new Error(
      `${source}: ${architecture}.rope.scaling.type "${said}" is not supported; supported are "none", "linear" and "yarn"`,
    );
  // llama.cpp scales linearly where a factor is given without a type.
  return said === "none" || factor === 1 ? {} : { rope_scaling: { rope_type: "linear", factor } };
}

/** What LongRoPE's authors multiply scores with, which a config.json need not say; files have it in float32. */
const isUsualScale = (scale: number, factor: number, context: number) =>
  Math.abs(scale / Math.sqrt(1 + Math.max(0, Math.log(factor)) / Math.log(context)) - 1) < 1e-6;
