// What a GGUF file says of its model, key by key: used, known to change nothing, or refused. Keys: ggml-org/ggml, docs/gguf.md.
import { z } from "zod";
import type { ModelConfig } from "../config";
import { parsedFields, refuseOthers } from "../fields";
import { tokenizerKeys } from "./gguf-tokenizer";

const keys = z.object({
  "llama.block_count": z.int().min(1),
  "llama.context_length": z.int().min(1),
  "llama.embedding_length": z.int().min(1),
  "llama.feed_forward_length": z.int().min(1),
  "llama.attention.head_count": z.int().min(1),
  "llama.attention.head_count_kv": z.int().min(1).optional(),
  "llama.attention.key_length": z.int().min(2).optional(),
  "llama.attention.value_length": z.int().min(2).optional(),
  "llama.attention.layer_norm_rms_epsilon": z.number(),
  "llama.rope.dimension_count": z.int().optional(),
  "llama.rope.freq_base": z.number().default(10_000),
  "llama.rope.scaling.type": z.string().optional(),
  "llama.rope.scaling.factor": z.number().optional(),
  "llama.rope.scale_linear": z.number().optional(),
});

const isGeneral = (key: string) =>
  /^(general|quantize|split|version$|tensor_count$|kv_count$|tokenizer\.chat_template\.)/.test(key);

/** Every sequence of numbers in GGUF may be of bigints. */
const plain = (value: unknown) => (typeof value === "bigint" ? Number(value) : value);

/** Throws, with file, key and value, on what the forward pass would get wrong. `vocabSize` and `tied` follow from the tensors. */
export function parseGgufMetadata(
  metadata: Record<string, unknown>,
  { vocabSize, tied }: { vocabSize: number; tied: boolean },
  source: string,
): ModelConfig {
  const json = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, plain(value)]));
  const architecture = json["general.architecture"];
  if (architecture !== "llama")
    throw new Error(`${source} holds a model of architecture "${architecture}"; only "llama" is supported`);
  const parts = Number(json["split.count"] ?? 1);
  if (parts > 1)
    throw new Error(`${source} is one of ${parts} parts (split.count); join them with llama-gguf-split --merge`);
  const own = Object.fromEntries(Object.entries(json).filter(([key]) => !isGeneral(key)));
  refuseOthers(
    own,
    {
      used: [...Object.keys(keys.shape), ...Object.keys(tokenizerKeys.shape)],
      harmless: [
        ...["llama.vocab_size", "llama.tensor_data_layout", "llama.rope.scaling.finetuned"],
        ...["llama.rope.scaling.original_context_length"], // of YaRN, which is refused, and of Llama 3's rope_freqs.weight
        ...["tokenizer.ggml.scores", "tokenizer.ggml.token_type_count", "tokenizer.ggml.add_space_prefix"],
        ...["separator", "seperator", "cls", "mask", "prefix", "suffix", "middle", "fim_pre", "fim_suf", "fim_mid"]
          .concat("fim_pad", "fim_rep", "fim_sep")
          .map((name) => `tokenizer.ggml.${name}_token_id`),
        ...["tokenizer.chat_templates", "tokenizer.ggml.remove_extra_whitespaces", "tokenizer.ggml.added_tokens"],
      ],
      only: {
        "llama.expert_count": [0],
        "llama.expert_used_count": [0],
        "llama.logit_scale": [1],
        "llama.residual_scale": [1],
        "llama.embedding_scale": [1],
        "llama.attention.scale": [],
        "llama.attention.sliding_window": [],
        "llama.rope.scaling.attn_factor": [1],
      },
    },
    source,
  );
  return modelConfig(parsedFields(keys, own, source), vocabSize, tied, source);
}

function modelConfig(meta: z.infer<typeof keys>, vocabSize: number, tied: boolean, source: string): ModelConfig {
  const hiddenSize = meta["llama.embedding_length"];
  const heads = meta["llama.attention.head_count"];
  const headDim = meta["llama.attention.key_length"] ?? hiddenSize / heads;
  for (const key of ["llama.attention.value_length", "llama.rope.dimension_count"] as const)
    if ((meta[key] ?? headDim) !== headDim)
      throw new Error(
        `${source}: ${key} ${meta[key]} is not supported where keys have length ${headDim}: they must be equal`,
      );
  const type = meta["llama.rope.scaling.type"] ?? "none";
  const factor = meta["llama.rope.scaling.factor"] ?? meta["llama.rope.scale_linear"] ?? 1;
  if (type !== "none" && type !== "linear")
    throw new Error(`${source}: llama.rope.scaling.type "${type}" is not supported; supported are "none" and "linear"`);
  // llama.cpp scales linearly where a factor is given without a type.
  const isLinear = (type === "linear" || meta["llama.rope.scaling.type"] === undefined) && factor !== 1;
  return {
    vocabSize,
    hiddenSize,
    intermediateSize: meta["llama.feed_forward_length"],
    layers: meta["llama.block_count"],
    heads,
    kvHeads: meta["llama.attention.head_count_kv"] ?? heads,
    headDim,
    family: "llama",
    rmsEpsilon: meta["llama.attention.layer_norm_rms_epsilon"],
    ropeTheta: meta["llama.rope.freq_base"],
    ropeScaling: isLinear ? { type: "linear", factor } : { type: "none" },
    tiedEmbeddings: tied,
    activation: "silu",
    biases: [],
  };
}
