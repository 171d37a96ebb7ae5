// Writes a model as one GGUF file that llama.cpp and what is built on it load. Format: ggml-org/ggml, docs/gguf.md, version 3.
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { serializeGgufMetadata, GGMLQuantizationType as Type, GGUFValueType as Value } from "@huggingface/gguf";
import type { GgufType } from "../../../spec/export-types";
import type { ModelConfig } from "../config";
import { frequencyFactors } from "../parts/rope-frequencies";
import { longRopeFactors, ropeFactors } from "./gguf";
import { modelMetadata } from "./gguf-metadata-write";
import { blockType } from "./gguf-mixtures";
import { type BlockType, bytesOf, quantise } from "./gguf-quantise";
import { toGguf } from "./gguf-rows";
import { ggufTensors, type Part } from "./gguf-tensors";
import { tokenizerMetadata } from "./gguf-tokenizer-write";
import type { LoadedFiles } from "./loaded-files";

/** `general.file_type`: llama.cpp's llama_ftype. */
const fileTypes: Record<GgufType, number> = {
  F16: 1,
  Q4_0: 2,
  Q4_1: 3,
  Q8_0: 7,
  Q5_0: 8,
  Q5_1: 9,
  Q4_K_M: 15,
  Q5_K_M: 17,
  Q6_K: 18,
  BF16: 32,
};
const alignment = 32;

/**
 * A model in one file: matrices in `type`, vectors in F32. Gives the blocks of those matrices whose rows cannot be divided into
 * the ones that the type asks for. Throws on what GGUF cannot say.
 */
export function writeGguf(path: string, name: string, files: LoadedFiles, type: GgufType): BlockType[] {
  const { config, host } = files;
  const { family, metadata: described } = modelMetadata(files);
  /** Parts one after the other; experts one at a time, so that a stack is never in memory whole. */
  let last: { name: string; data: Float32Array } | null = null; // Granite's experts are all in one
  const valuesOf = ({ name, at, size }: Part) => {
    if (last?.name !== name) last = { name, data: toGguf(family, name, host.get(name)!, config) };
    return last.data.subarray(at, at + size);
  };
  const factors = ropeTensors(config).map(([to, values]) => ({ to, shape: [values.length], values: [() => values] }));
  const weights = ggufTensors(family, config).map(({ to, shape, parts }) => ({
    to,
    shape,
    values: parts.map((part) => () => valuesOf(part)),
  }));
  const model = { layers: config.layers, tied: config.tiedEmbeddings, experts: config.mixture?.experts ?? 0 };
  const tensors = [...weights, ...factors].map((tensor) => {
    const { blocks, fits } = blockType(type, tensor.to, tensor.shape, model);
    const count = tensor.shape.reduce((a, b) => a * b, 1);
    return { ...tensor, blocks, fits, bytes: bytesOf(blocks, count) };
  });
  const metadata = serializeGgufMetadata(
    {
      version: { value: 3, type: Value.UINT32 },
      tensor_count: { value: BigInt(tensors.length), type: Value.UINT64 },
      kv_count: { value: 0n, type: Value.UINT64 }, // the library counts
      ...described,
      "general.name": { value: name, type: Value.STRING },
      "general.file_type": { value: fileTypes[type], type: Value.UINT32 },
      "general.quantization_version": { value: 2, type: Value.UINT32 },
      ...tokenizerMetadata(files),
    },
    { alignment: 1 }, // what follows is padded as a whole
  );
  let offset = 0;
  const infos = tensors.map(({ to, shape, blocks, bytes }) => {
    const info = tensorInfo(to, shape, Type[blocks], offset);
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
    for (const { values, blocks, bytes } of tensors) {
      for (const part of values) write(quantise(blocks, part()));
      pad(bytes);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return tensors.flatMap(({ blocks, fits }) => (fits ? [] : [blocks]));
}

const padded = (length: number) => Math.ceil(length / alignment) * alignment;

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

/** Factors of frequencies, which GGUF has as tensors. */
function ropeTensors(config: ModelConfig): [string, Float32Array][] {
  const { ropeScaling: scaling, headDim } = config;
  if (scaling.type === "llama3") return [[ropeFactors, frequencyFactors(config, headDim)]];
  if (scaling.type !== "longrope") return [];
  return [
    [longRopeFactors.long, Float32Array.from(scaling.longFactors)],
    [longRopeFactors.short, Float32Array.from(scaling.shortFactors)],
  ];
}
