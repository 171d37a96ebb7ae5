// Writes a model as one GGUF file that llama.cpp and what is built on it load. Format: ggml-org/ggml, docs/gguf.md, version 3.
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { serializeGgufMetadata, GGMLQuantizationType as Type, GGUFValueType as Value } from "@huggingface/gguf";
import { z } from "zod";
import type { ModelConfig } from "../config";
import { weightShapes } from "../families";
import { frequencyFactors } from "../parts/rope-frequencies";
import { blockNames, ggufRow, outerNames, ropeFactors } from "./gguf";
import { quantise } from "./gguf-blocks";
import { tokenizerMetadata } from "./gguf-tokenizer-write";
import type { LoadedFiles } from "./loaded-files";
import type { HostTensor } from "./safetensors";

export type GgufType = "F16" | "Q8_0";
const fileTypes: Record<GgufType, number> = { F16: 1, Q8_0: 7 };
const alignment = 32;

/** A model in one file: matrices in `type`, vectors and rows that no block of 32 divides in F32 or F16. Throws on what GGUF's Llama cannot say. */
export function writeGguf(path: string, name: string, files: LoadedFiles, type: GgufType): void {
  const { config, host } = files;
  const rope = config.ropeScaling.type === "llama3" ? frequencyFactors(config, config.headDim) : null;
  const weights = (name: string): HostTensor =>
    rope && name === ropeFactors ? { shape: [rope.length], data: rope } : host.get(name)!;
  const shapes = { ...weightShapes(config), ...(rope && { [ropeFactors]: [rope.length] }) };
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const kept = shape.length === 1 ? "F32" : type === "Q8_0" && shape[1]! % 32 !== 0 ? "F16" : type;
    return { name, shape, type: kept, bytes: bytesOf(kept, shape) } as const;
  });
  const metadata = serializeGgufMetadata(
    {
      version: { value: 3, type: Value.UINT32 },
      tensor_count: { value: BigInt(tensors.length), type: Value.UINT64 },
      kv_count: { value: 0n, type: Value.UINT64 }, // the library counts
      ...modelMetadata(name, files, type),
      ...tokenizerMetadata(files),
    },
    { alignment: 1 }, // what follows is padded as a whole
  );
  let offset = 0;
  const infos = tensors.map(({ name, shape, type, bytes }) => {
    const info = tensorInfo(ggufName(name), shape, Type[type], offset);
    offset += padded(bytes);
    return info;
  });
  const file = openSync(path, "w");
  const write = (part: Uint8Array) => {
    for (let done = 0; done < part.byteLength; ) done += writeSync(file, part, done);
  };
  const pad = (length: number) => write(new Uint8Array(padded(length) - length));
  try {
    write(metadata);
    for (const info of infos) write(info);
    pad(metadata.byteLength + infos.reduce((sum, info) => sum + info.byteLength, 0));
    for (const { name, type, bytes } of tensors) {
      write(quantise(type, permuted(name, weights(name), config)));
      pad(bytes);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const padded = (length: number) => Math.ceil(length / alignment) * alignment;

function bytesOf(type: "F32" | GgufType, shape: number[]): number {
  const count = shape.reduce((a, b) => a * b, 1);
  return type === "F32" ? 4 * count : type === "F16" ? 2 * count : (count / 32) * 34;
}

/** Name, dimensions (fastest first), type, offset into the data. */
function tensorInfo(name: string, shape: number[], type: number, offset: number): Uint8Array {
  const text = Buffer.from(name);
  const out = Buffer.alloc(8 + text.length + 4 + 8 * shape.length + 4 + 8);
  let at = out.writeBigUInt64LE(BigInt(text.length));
  at += text.copy(out, at);
  at = out.writeUInt32LE(shape.length, at);
  for (const size of shape.toReversed()) at = out.writeBigUInt64LE(BigInt(size), at);
  at = out.writeUInt32LE(type, at);
  out.writeBigUInt64LE(BigInt(offset), at);
  return out;
}

const inverse = (names: Record<string, string>) =>
  new Map(Object.entries(names).map(([gguf, huggingFace]) => [huggingFace, gguf]));
const [blocks, outer] = [inverse(blockNames), inverse(outerNames)];

function ggufName(name: string): string {
  if (name === ropeFactors) return name;
  const [, layer, part] = /^model\.layers\.(\d+)\.(.+)\.weight$/.exec(name) ?? [];
  const known = layer === undefined ? outer.get(name) : blocks.has(part!) && `blk.${layer}.${blocks.get(part!)}.weight`;
  if (!known) throw new Error(`${name} has no place in GGUF's Llama`);
  return known;
}

/** Rows of Q and K in GGUF's order: rotated pairs are neighbours, which Hugging Face keeps half a head apart. */
function permuted(name: string, { shape, data }: HostTensor, { heads, kvHeads }: ModelConfig): Float32Array {
  const turned = name.endsWith("q_proj.weight") ? heads : name.endsWith("k_proj.weight") ? kvHeads : null;
  if (turned === null) return data;
  const [rows, columns] = shape as [number, number];
  const half = rows / turned / 2;
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const to = ggufRow(row, half);
    out.set(data.subarray(row * columns, (row + 1) * columns), to * columns);
  }
  return out;
}

const text = <Text extends string>(value: Text) => ({ value, type: Value.STRING });
const count = (value: number) => ({ value, type: Value.UINT32 });
const real = (value: number) => ({ value, type: Value.FLOAT32 });

function modelMetadata(name: string, { config, companions }: LoadedFiles, type: GgufType) {
  if (config.biases.length > 0)
    throw new Error("GGUF export is for Llama models; this one has biases in its attention");
  if (config.activation !== "silu")
    throw new Error(`GGUF's Llama has the activation silu; this model has ${config.activation}`);
  const json = z.looseObject({ max_position_embeddings: z.number() }).parse(JSON.parse(companions()["config.json"]!));
  return {
    "general.architecture": text("llama"),
    "general.name": text(name),
    "general.file_type": count(fileTypes[type]),
    "general.quantization_version": count(2),
    "llama.vocab_size": count(config.vocabSize),
    "llama.context_length": count(json.max_position_embeddings),
    "llama.embedding_length": count(config.hiddenSize),
    "llama.block_count": count(config.layers),
    "llama.feed_forward_length": count(config.intermediateSize),
    "llama.attention.head_count": count(config.heads),
    "llama.attention.head_count_kv": count(config.kvHeads),
    "llama.attention.key_length": count(config.headDim),
    "llama.attention.value_length": count(config.headDim),
    "llama.attention.layer_norm_rms_epsilon": real(config.rmsEpsilon),
    "llama.rope.dimension_count": count(config.headDim),
    "llama.rope.freq_base": real(config.ropeTheta),
    ...(config.ropeScaling.type === "llama3" && {
      "llama.rope.scaling.original_context_length": count(config.ropeScaling.originalContext),
    }),
    ...(config.ropeScaling.type === "linear" && {
      "llama.rope.scaling.type": text("linear"),
      "llama.rope.scaling.factor": real(config.ropeScaling.factor),
    }),
  };
}
