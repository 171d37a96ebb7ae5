// Reads GGUF files: metadata by @huggingface/gguf, tensors as float32 in Hugging Face's names and row order. Format: ggml-org/ggml, docs/gguf.md.
import { closeSync, openSync, statSync } from "node:fs";
import { GGMLQuantizationType, gguf } from "@huggingface/gguf";
import type { ModelConfig } from "../config";
import { parseModelConfig, weightShapes } from "../families";
import { about } from "../fields";
import { toRopeParameters } from "../parts/rope-config";
import { llama3Scaling } from "../parts/rope-frequencies";
import { floatMemory } from "./float-memory";
import { dequantise, layouts, unsupported } from "./gguf-blocks";
import type { GgufFamily } from "./gguf-family";
import { ggufFamilyOf, parseGgufMetadata } from "./gguf-metadata";
import { blocksFromGguf, fromGguf } from "./gguf-rows";
import { ggufTensors, isTransposed, type Part } from "./gguf-tensors";
import { fill, type OpenedWeights, type WeightSource } from "./safetensors";
import { checkTensors } from "./weight-files";

export interface GgufModel {
  config: ModelConfig;
  /** The same as a config.json that Transformers loads, without the ids of special tokens. */
  json: Record<string, unknown>;
  weights: WeightSource;
  metadata: Record<string, unknown>;
}

/** Factors of RoPE's frequencies: Llama 3's, and LongRoPE's on each side of the old context. */
export const ropeFactors = "rope_freqs.weight";
export const longRopeFactors = { short: "rope_factors_short.weight", long: "rope_factors_long.weight" };

/** Where a file has factors of its frequencies, the config says Llama 3's scaling, of which they are made. */
function scaled(
  { config, json }: Pick<GgufModel, "config" | "json">,
  factors: Float32Array | undefined,
  { "llama.rope.scaling.original_context_length": context = 8192 }: Record<string, unknown>,
  path: string,
): Pick<GgufModel, "config" | "json"> {
  if (!factors) return { config, json };
  if (config.ropeScaling.type !== "none")
    throw new Error(
      `${path} has both ${ropeFactors} and rope.scaling.type "${config.ropeScaling.type}"; one is supported`,
    );
  try {
    const ropeScaling = llama3Scaling(factors, Number(context), config);
    const whole = { ...json, rope_scaling: toRopeParameters({ ...config, ropeScaling }) };
    return { json: whole, config: parseModelConfig(whole, path) };
  } catch (cause) {
    throw new Error(`${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

export async function readGguf(path: string): Promise<GgufModel> {
  const { metadata, tensorInfos, tensorDataOffset } = await gguf(path, { allowLocalFile: true }).catch((cause) => {
    throw about(path, cause);
  });
  const meta = metadata as unknown as Record<string, unknown>;
  const family = ggufFamilyOf(meta, path);
  for (const { name, dtype } of tensorInfos)
    if (!layouts[dtype]) throw new Error(`Cannot read ${name} of ${path}: ${unsupported(dtype)}`);
  const stored = new Map(
    tensorInfos.map((info) => {
      const shape = info.shape.map(Number).reverse();
      return [info.name, { ...info, shape, offset: Number(tensorDataOffset) + Number(info.offset) }];
    }),
  );
  requireWhole(path, [...stored.values()]);
  const [vocabSize] = stored.get("token_embd.weight")?.shape ?? [];
  if (vocabSize === undefined) throw new Error(`${path} lacks token_embd.weight`);
  const whole = (name: string) => {
    const tensor = stored.get(name);
    return tensor && numbersOf(path, tensor, 0, elements(tensor.shape));
  };
  const hasLongRope = family.ropeFactors === "longrope";
  const [short, long] = hasLongRope ? [whole(longRopeFactors.short), whole(longRopeFactors.long)] : [];
  const plain = parseGgufMetadata(
    meta,
    {
      vocabSize,
      tied: !stored.has("output.weight"),
      biases: stored.has("blk.0.attn_output.bias"),
      longRope: short && long ? { short: [...short], long: [...long] } : null,
    },
    path,
  );
  const model = scaled(plain, family.ropeFactors === "llama3" ? whole(ropeFactors) : undefined, meta, path);
  const weights = openTensors(path, stored, family, model.config);
  checkTensors(model.config, weights, path);
  return { ...model, metadata: meta, weights };
}

/** Throws where the file ends before its tensors do, as one whose download was cut off does. */
function requireWhole(path: string, tensors: StoredTensor[]): void {
  const end = Math.max(...tensors.map(({ dtype, shape, offset }) => offset + bytesFor(dtype, elements(shape))));
  const { size } = statSync(path);
  if (size < end)
    throw new Error(`${path} has ${size} bytes, and its tensors end at byte ${end}: it was cut off; fetch it again`);
}

const bytesFor = (dtype: GGMLQuantizationType, count: number): number => {
  const { values, bytes } = layouts[dtype]!;
  return (count / values) * bytes;
};

interface StoredTensor {
  name: string;
  /** Slowest dimension first. */
  shape: number[];
  dtype: GGMLQuantizationType;
  /** In the file. */
  offset: number;
}

/** Some of a tensor's numbers: whole blocks. */
const numbersOf = (path: string, tensor: StoredTensor, from: number, count: number): Float32Array =>
  dequantise(tensor.dtype, bytesOf(path, tensor, from, count), count);

/** The same as they lie. */
function bytesOf(path: string, { name, dtype, offset }: StoredTensor, from: number, count: number): Uint8Array {
  const bytes = new Uint8Array(bytesFor(dtype, count));
  const file = openSync(path, "r");
  try {
    fill(file, Buffer.from(bytes.buffer), offset + bytesFor(dtype, from));
    return bytes;
  } catch (cause) {
    throw new Error(`Cannot read ${name} of ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  } finally {
    closeSync(file);
  }
}

/** Where a tensor of Transformers', or a part of it, lies. */
interface Place {
  tensor: StoredTensor;
  from: number;
  part: Part;
  isStack: boolean;
  isRefolded: boolean;
}

/** The file's tensors under Transformers' names. Throws on one that the model has no place for. */
function openTensors(
  path: string,
  stored: ReadonlyMap<string, StoredTensor>,
  family: GgufFamily,
  config: ModelConfig,
): OpenedWeights {
  const places = new Map<string, Place[]>();
  const shapes = new Map<string, number[]>();
  const factors = { llama3: [ropeFactors], longrope: Object.values(longRopeFactors), none: [] };
  const known = new Set<string>(factors[family.ropeFactors ?? "none"]);
  const wanted = weightShapes(config);
  for (const { to, shape, parts, isRefolded } of ggufTensors(family, config)) {
    known.add(to);
    const tensor = stored.get(to);
    if (!tensor) continue;
    const isStack = shape.length === 3;
    if (isRefolded && tensor.shape.join() !== shape.join())
      throw new Error(`${path}: ${to} should be [${shape}] by its keys and is [${tensor.shape}]`);
    let from = 0;
    for (const part of parts) {
      const { name } = part;
      const own = isTransposed(config, name) ? tensor.shape.toReversed() : tensor.shape;
      shapes.set(name, isRefolded ? wanted[name]! : own);
      places.set(name, [...(places.get(name) ?? []), { tensor, from, part, isStack, isRefolded }]);
      from += part.size;
    }
  }
  const stray = [...stored.keys()].find((name) => !known.has(name));
  if (stray)
    throw new Error(`tensor ${stray} of ${path} has no place in a model of architecture ${family.architecture}`);
  const matrix = (name: string) => places.get(name)![0]!.tensor;
  return {
    shapes,
    blocks: {
      typeOf: (name) => GGMLQuantizationType[matrix(name).dtype],
      read(name, type) {
        const tensor = matrix(name);
        const shape = tensor.shape as [number, number];
        const bytes = bytesOf(path, tensor, 0, elements(shape));
        return blocksFromGguf(family, name, { type, shape, bytes }, config);
      },
    },
    get(name) {
      const [first, ...more] = places.get(name) ?? [];
      if (!first) return undefined;
      if (!first.isStack) {
        const { tensor, isRefolded } = first;
        const shape = isRefolded ? wanted[name]! : tensor.shape;
        return fromGguf(family, name, { shape, data: numbersOf(path, tensor, 0, elements(shape)) }, config);
      }
      const shape = shapes.get(name)!;
      const data = floatMemory(elements(shape));
      for (const { tensor, from, part } of [first, ...more])
        data.set(numbersOf(path, tensor, from, part.size), part.at);
      return { shape, data };
    },
  };
}

const elements = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
