// GGUF files: metadata by @huggingface/gguf, the tensor blocks dequantised here to float32 in Hugging Face's names and row order.
// Block layouts: ggml-org/ggml docs/gguf.md and ggml-quants.c.
import { closeSync, openSync, readSync } from "node:fs";
import { gguf, GGMLQuantizationType as Type } from "@huggingface/gguf";
import type { ModelConfig } from "./config";
import { float16ToNumber, type HostTensor, type WeightSource } from "./safetensors";

export interface GgufModel {
  config: ModelConfig;
  weights: WeightSource;
  metadata: Record<string, unknown>;
}

/** Values and bytes of one quantised block, and how it turns into floats (written to `out` from `at` on). */
interface Layout {
  values: number;
  bytes: number;
  unpack(block: DataView, out: Float32Array, at: number): void;
}

const half = (block: DataView, at: number) => float16ToNumber(block.getUint16(at, true));

const layouts: Partial<Record<Type, Layout>> = {
  [Type.F32]: {
    values: 1,
    bytes: 4,
    unpack(b, out, at) {
      out[at] = b.getFloat32(0, true);
    },
  },
  [Type.F16]: {
    values: 1,
    bytes: 2,
    unpack(b, out, at) {
      out[at] = half(b, 0);
    },
  },
  [Type.Q8_0]: {
    values: 32,
    bytes: 34,
    unpack(b, out, at) {
      const scale = half(b, 0);
      for (let i = 0; i < 32; i++) out[at + i] = scale * b.getInt8(2 + i);
    },
  },
  [Type.Q4_0]: {
    values: 32,
    bytes: 18,
    unpack(b, out, at) {
      const scale = half(b, 0);
      for (let i = 0; i < 16; i++) {
        const pair = b.getUint8(2 + i);
        out[at + i] = scale * ((pair & 15) - 8);
        out[at + i + 16] = scale * ((pair >> 4) - 8);
      }
    },
  },
  [Type.Q4_1]: {
    values: 32,
    bytes: 20,
    unpack(b, out, at) {
      const [scale, minimum] = [half(b, 0), half(b, 2)];
      for (let i = 0; i < 16; i++) {
        const pair = b.getUint8(4 + i);
        out[at + i] = scale * (pair & 15) + minimum;
        out[at + i + 16] = scale * (pair >> 4) + minimum;
      }
    },
  },
  [Type.Q4_K]: { values: 256, bytes: 144, unpack: unpackQ4K },
  [Type.Q6_K]: { values: 256, bytes: 210, unpack: unpackQ6K },
};

/** d, dmin (f16), 12 bytes of eight 6-bit (scale, minimum) pairs, 128 bytes of nibbles: eight groups of 32 values. */
function unpackQ4K(b: DataView, out: Float32Array, at: number): void {
  const [d, dmin] = [half(b, 0), half(b, 2)];
  const byte = (i: number) => b.getUint8(4 + i);
  for (let group = 0; group < 8; group++) {
    const low = group < 4;
    const scale = low ? byte(group) & 63 : (byte(group + 4) & 15) | ((byte(group - 4) >> 6) << 4);
    const minimum = low ? byte(group + 4) & 63 : (byte(group + 4) >> 4) | ((byte(group) >> 6) << 4);
    const nibbles = 16 + 32 * (group >> 1);
    for (let i = 0; i < 32; i++) {
      const q = group % 2 === 0 ? b.getUint8(nibbles + i) & 15 : b.getUint8(nibbles + i) >> 4;
      out[at + 32 * group + i] = d * scale * q - dmin * minimum;
    }
  }
}

/** 128 bytes of low nibbles, 64 bytes of high bit pairs, sixteen int8 scales, d (f16): 256 values of 6 bits. */
function unpackQ6K(b: DataView, out: Float32Array, at: number): void {
  const d = half(b, 208);
  for (let part = 0; part < 2; part++)
    for (let row = 0; row < 4; row++)
      for (let i = 0; i < 32; i++) {
        const low = b.getUint8(64 * part + 32 * (row & 1) + i);
        const high = b.getUint8(128 + 32 * part + i);
        const q = ((row < 2 ? low & 15 : low >> 4) | (((high >> (2 * row)) & 3) << 4)) - 32;
        out[at + 128 * part + 32 * row + i] = d * b.getInt8(192 + 8 * part + 2 * row + (i >> 4)) * q;
      }
}

/** Dequantises `count` values that start at byte 0 of `bytes`. Throws on a type that is not listed above. */
export function dequantise(type: Type, bytes: Uint8Array, count: number): Float32Array {
  const layout = layouts[type];
  if (!layout)
    throw new Error(`quantisation ${Type[type]} is not supported; use F32, F16, Q8_0, Q4_0, Q4_1, Q4_K or Q6_K`);
  const out = new Float32Array(count);
  for (let block = 0; block < count / layout.values; block++)
    layout.unpack(
      new DataView(bytes.buffer, bytes.byteOffset + block * layout.bytes, layout.bytes),
      out,
      block * layout.values,
    );
  return out;
}

const blockNames: Record<string, string> = {
  attn_norm: "input_layernorm",
  ffn_norm: "post_attention_layernorm",
  attn_q: "self_attn.q_proj",
  attn_k: "self_attn.k_proj",
  attn_v: "self_attn.v_proj",
  attn_output: "self_attn.o_proj",
  ffn_gate: "mlp.gate_proj",
  ffn_up: "mlp.up_proj",
  ffn_down: "mlp.down_proj",
};
const outerNames: Record<string, string> = {
  "token_embd.weight": "model.embed_tokens.weight",
  "output_norm.weight": "model.norm.weight",
  "output.weight": "lm_head.weight",
};

function huggingFaceName(name: string, path: string): string {
  if (name === "rope_freqs.weight")
    throw new Error(`${path} uses scaled RoPE frequencies, which are not supported yet`);
  const [, layer, part] = /^blk\.(\d+)\.(\w+)\.weight$/.exec(name) ?? [];
  const known =
    layer === undefined ? outerNames[name] : blockNames[part!] && `model.layers.${layer}.${blockNames[part!]}.weight`;
  if (!known) throw new Error(`tensor ${name} of ${path} has no place in a Llama`);
  return known;
}

/** GGUF keeps the rows of Q and K so that rotated pairs are neighbours; Hugging Face keeps the two halves apart. */
function unpermute({ shape, data }: HostTensor, heads: number): HostTensor {
  const [rows, columns] = shape as [number, number];
  const half = rows / heads / 2;
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const [head, within] = [Math.floor(row / (2 * half)), row % (2 * half)];
    const from = head * 2 * half + (within % half) * 2 + Math.floor(within / half);
    out.set(data.subarray(from * columns, (from + 1) * columns), row * columns);
  }
  return { shape, data: out };
}

export async function readGguf(path: string): Promise<GgufModel> {
  const { metadata, tensorInfos, tensorDataOffset } = await gguf(path, { allowLocalFile: true });
  const meta = metadata as unknown as Record<string, unknown>;
  const architecture = meta["general.architecture"];
  if (architecture !== "llama")
    throw new Error(`${path} holds a model of architecture "${architecture}"; only "llama" is supported`);
  const number = (key: string) => Number(meta[`llama.${key}`]);
  const [heads, kvHeads] = [number("attention.head_count"), number("attention.head_count_kv")];
  const infos = new Map(tensorInfos.map((info) => [huggingFaceName(info.name, path), info]));
  const shapeOf = (name: string) => infos.get(name)!.shape.map(Number).reverse();

  function get(name: string): HostTensor | undefined {
    const info = infos.get(name);
    if (!info) return undefined;
    const shape = shapeOf(name);
    const count = shape.reduce((a, b) => a * b, 1);
    const layout = layouts[info.dtype];
    const bytes = new Uint8Array(layout ? (count / layout.values) * layout.bytes : 0);
    const file = openSync(path, "r");
    try {
      readSync(file, bytes, 0, bytes.length, Number(tensorDataOffset) + Number(info.offset));
      const tensor = { shape, data: dequantise(info.dtype, bytes, count) };
      if (name.endsWith("q_proj.weight")) return unpermute(tensor, heads);
      return name.endsWith("k_proj.weight") ? unpermute(tensor, kvHeads) : tensor;
    } catch (error) {
      throw new Error(`Cannot read ${name} of ${path}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    } finally {
      closeSync(file);
    }
  }

  const hiddenSize = number("embedding_length");
  return {
    metadata: meta,
    weights: { get },
    config: {
      vocabSize: shapeOf("model.embed_tokens.weight")[0]!,
      hiddenSize,
      intermediateSize: number("feed_forward_length"),
      layers: number("block_count"),
      heads,
      kvHeads,
      headDim: hiddenSize / heads,
      rmsEpsilon: number("attention.layer_norm_rms_epsilon"),
      ropeTheta: number("rope.freq_base") || 10000,
      ropeScaling: { type: "none" },
      tiedEmbeddings: !infos.has("lm_head.weight"),
      biases: [],
    },
  };
}
