// Reads GGUF files: metadata by @huggingface/gguf, tensors as float32 in Hugging Face's names and row order. Format: ggml-org/ggml, docs/gguf.md.
import { closeSync, openSync, readSync } from "node:fs";
import { gguf } from "@huggingface/gguf";
import type { ModelConfig } from "../config";
import { parseModelConfig } from "../families";
import { about } from "../fields";
import { toRopeParameters } from "../parts/rope-config";
import { llama3Scaling } from "../parts/rope-frequencies";
import { dequantise, layouts, unsupported } from "./gguf-blocks";
import { type GgufFamily, huggingFaceName, interleavedHeads, reordered } from "./gguf-families";
import { ggufFamilyOf, parseGgufMetadata } from "./gguf-metadata";
import type { HostTensor, WeightSource } from "./safetensors";
import { checkTensors } from "./weight-files";

export interface GgufModel {
  config: ModelConfig;
  /** The same as a config.json that Transformers loads, without the ids of special tokens. */
  json: Record<string, unknown>;
  weights: WeightSource;
  metadata: Record<string, unknown>;
}

export const ropeFactors = "rope_freqs.weight";

function nameOf(family: GgufFamily, name: string, path: string): string {
  const known = name === ropeFactors ? name : huggingFaceName(family, name);
  if (!known)
    throw new Error(`tensor ${name} of ${path} has no place in a model of architecture ${family.architecture}`);
  return known;
}

/** A tensor as Hugging Face has it: rows of Q and K in its order, norms without what GGUF adds to them. */
function restored(family: GgufFamily, name: string, tensor: HostTensor, config: ModelConfig): HostTensor {
  const heads = interleavedHeads(family, name, config);
  if (heads !== null) return { ...tensor, data: reordered(tensor, heads, "gguf") };
  const offset = name.includes("norm") ? family.normOffset : 0;
  return offset === 0 ? tensor : { ...tensor, data: tensor.data.map((value) => value - offset) };
}

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
  const infos = new Map(tensorInfos.map((info) => [nameOf(family, info.name, path), info]));
  const shapes = new Map([...infos].map(([name, info]) => [name, info.shape.map(Number).reverse()]));
  const vocabSize = shapes.get("model.embed_tokens.weight")?.[0];
  if (vocabSize === undefined) throw new Error(`${path} lacks token_embd.weight`);
  const plain = parseGgufMetadata(
    meta,
    {
      vocabSize,
      tied: !infos.has("lm_head.weight"),
      biases: infos.has("model.layers.0.self_attn.o_proj.bias"),
    },
    path,
  );
  for (const { name, dtype } of tensorInfos)
    if (!layouts[dtype]) throw new Error(`Cannot read ${name} of ${path}: ${unsupported(dtype)}`);

  function get(name: string): HostTensor | undefined {
    const info = infos.get(name);
    if (!info) return undefined;
    const shape = shapes.get(name)!;
    const count = shape.reduce((a, b) => a * b, 1);
    const layout = layouts[info.dtype];
    const bytes = new Uint8Array(layout ? (count / layout.values) * layout.bytes : 0);
    const file = openSync(path, "r");
    try {
      readSync(file, bytes, 0, bytes.length, Number(tensorDataOffset) + Number(info.offset));
      return restored(family, name, { shape, data: dequantise(info.dtype, bytes, count) }, plain.config);
    } catch (error) {
      throw new Error(`Cannot read ${name} of ${path}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    } finally {
      closeSync(file);
    }
  }

  const model = scaled(plain, get(ropeFactors)?.data, meta, path);
  shapes.delete(ropeFactors);
  const weights = { shapes, get };
  checkTensors(model.config, weights, path);
  return { ...model, metadata: meta, weights };
}
