// Which blocks each matrix of a GGUF file is written in: as llama.cpp's own quantiser chooses (llama-quant.cpp of ggml-org/llama.cpp) without an importance matrix.
import type { GgufType } from "../../../spec/export-types";
import { type BlockType, blockValues } from "./gguf-quantise";

/** What llama.cpp takes instead where a row's length is no multiple of 256. */
const narrow: Partial<Record<BlockType, BlockType>> = { Q4_K: "Q5_0", Q5_K: "Q5_1", Q6_K: "Q8_0" };

interface Sizes {
  layers: number;
  /** Whether the embedding is the head too. */
  tied: boolean;
  /** Of a block; 0 where there is no mixture. */
  experts: number;
}

/** `name`: GGUF's. `shape`: rows last but one. `fits`: rows can be divided into the blocks that the type asks for. */
export function blockType(
  type: GgufType,
  name: string,
  shape: readonly number[],
  model: Sizes,
): { blocks: BlockType; fits: boolean } {
  if (shape.length === 1 || isExact(name)) return { blocks: "F32", fits: true };
  const divides = (blocks: BlockType) => shape.at(-1)! % blockValues(blocks) === 0;
  const wanted = mixed(type, name, model);
  if (divides(wanted)) return { blocks: wanted, fits: true };
  const instead = narrow[wanted];
  return { blocks: instead && divides(instead) ? instead : "F16", fits: false };
}

/** Routers, positions, norms, convolutions and what is no weight of a product are never rounded. */
const isExact = (name: string) =>
  name === "position_embd.weight" || !name.endsWith(".weight") || /(ffn_gate_inp|_norm|ssm_conv1d)\.weight$/.test(name);

/**
 * The M of Q4_K_M and Q5_K_M: the head is in Q6_K, as are values and what leads out of the MLP in the layers that matter most. With eight
 * experts, as Mixtral has, attention is a small share of the weights, and rounded less.
 */
function mixed(type: GgufType, name: string, { layers, tied, experts }: Sizes): BlockType {
  if (type !== "Q4_K_M" && type !== "Q5_K_M") return type;
  const [, layer, part] = /^blk\.(\d+)\.(\w+)/.exec(name) ?? [];
  const isHead = name === (tied ? "token_embd.weight" : "output.weight");
  if (experts === 8 && /^attn_[vk]$/.test(part ?? "")) return "Q8_0";
  if (experts === 8 && part === "attn_output") return "Q5_K";
  if (isHead || (/^(attn_v|attn_qkv|ffn_down|ffn_down_exps)$/.test(part ?? "") && getsMoreBits(Number(layer), layers)))
    return "Q6_K";
  return type === "Q4_K_M" ? "Q4_K" : "Q5_K";
}

/** The first and the last eighth of the layers, and every third between. */
function getsMoreBits(layer: number, layers: number): boolean {
  const eighth = Math.floor(layers / 8);
  return layer < eighth || layer >= Math.floor((7 * layers) / 8) || (layer - eighth) % 3 === 2;
}
