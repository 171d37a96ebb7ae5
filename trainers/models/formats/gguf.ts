// Reads GGUF files: metadata by @huggingface/gguf, tensors as float32 in Hugging Face's names and row order. Format: ggml-org/ggml, docs/gguf.md.
import { closeSync, openSync, readSync } from "node:fs";
import { gguf } from "@huggingface/gguf";
import type { ModelConfig } from "../config";
import { about } from "../fields";
import { llama3Scaling } from "../parts/rope-frequencies";
import { dequantise, layouts, unsupported } from "./gguf-blocks";
import { parseGgufMetadata } from "./gguf-metadata";
import type { HostTensor, WeightSource } from "./safetensors";
import { checkTensors } from "./weight-files";

export interface GgufModel {
  config: ModelConfig;
  weights: WeightSource;
  metadata: Record<string, unknown>;
}

export const blockNames: Record<string, string> = {
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
export const outerNames: Record<string, string> = {
  "token_embd.weight": "model.embed_tokens.weight",
  "output_norm.weight": "model.norm.weight",
  "output.weight": "lm_head.weight",
};

function huggingFaceName(name: string, path: string): string {
  const [, layer, part] = /^blk\.(\d+)\.(\w+)\.weight$/.exec(name) ?? [];
  const known =
    layer === undefined ? outerNames[name] : blockNames[part!] && `model.layers.${layer}.${blockNames[part!]}.weight`;
  if (!known) throw new Error(`tensor ${name} of ${path} has no place in a Llama`);
  return known;
}

/** Where GGUF keeps a row of Q or K: of a head's two halves, which Hugging Face keeps apart, the rotated pairs are neighbours there. */
export function ggufRow(row: number, half: number): number {
  const [head, within] = [Math.floor(row / (2 * half)), row % (2 * half)];
  return head * 2 * half + (within % half) * 2 + Math.floor(within / half);
}

/** Rows of Q and K in Hugging Face's order. */
function unpermute({ shape, data }: HostTensor, heads: number): HostTensor {
  const [rows, columns] = shape as [number, number];
  const half = rows / heads / 2;
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const from = ggufRow(row, half);
    out.set(data.subarray(from * columns, (from + 1) * columns), row * columns);
  }
  return { shape, data: out };
}

export const ropeFactors = "rope_freqs.weight";

/** Where a file has factors of its frequencies, the config says Llama 3's scaling, of which they are made. */
function scaled(config: ModelConfig, factors: Float32Array | undefined, meta: Record<string, unknown>, path: string) {
  if (!factors) return config;
  if (config.ropeScaling.type !== "none")
    throw new Error(
      `${path} has both ${ropeFactors} and llama.rope.scaling.type "${config.ropeScaling.type}"; one is supported`,
    );
  const context = Number(meta["llama.rope.scaling.original_context_length"] ?? 8192);
  try {
    return { ...config, ropeScaling: llama3Scaling(factors, context, config) };
  } catch (cause) {
    throw new Error(`${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

export async function readGguf(path: string): Promise<GgufModel> {
  const { metadata, tensorInfos, tensorDataOffset } = await gguf(path, { allowLocalFile: true }).catch((cause) => {
    throw about(path, cause);
  });
  const meta = metadata as unknown as Record<string, unknown>;
  const infos = new Map(
    tensorInfos.map((info) => [info.name === ropeFactors ? ropeFactors : huggingFaceName(info.name, path), info]),
  );
  const shapes = new Map([...infos].map(([name, info]) => [name, info.shape.map(Number).reverse()]));
  const vocabSize = shapes.get("model.embed_tokens.weight")?.[0];
  if (vocabSize === undefined) throw new Error(`${path} lacks token_embd.weight`);
  const plain = parseGgufMetadata(meta, { vocabSize, tied: !infos.has("lm_head.weight") }, path);
  for (const { name, dtype } of tensorInfos)
    if (!layouts[dtype]) throw new Error(`Cannot read ${name} of ${path}: ${unsupported(dtype)}`);
  const { heads, kvHeads } = plain;

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

  const config = scaled(plain, get(ropeFactors)?.data, meta, path);
  shapes.delete(ropeFactors);
  const weights = { shapes, get };
  checkTensors(config, weights, path);
  return { metadata: meta, weights, config };
}
