// What models are written as.
import { z } from "zod";

/** Weights of a folder in Hugging Face layout, by PyTorch's names, with what safetensors calls them. */
export const folderTypes = { float32: "F32", bfloat16: "BF16", float16: "F16" } as const;
export type FolderType = keyof typeof folderTypes;
export const folderTypeNames = Object.keys(folderTypes) as FolderType[];

/** How a GGUF file may keep its matrices, by llama.cpp's names, with bits a weight; vectors stay in float32. Those of a mixture (M) are those of Llama 3.1 8B. */
export const ggufTypes = {
  F16: 16,
  BF16: 16,
  Q8_0: 8.5,
  Q6_K: 6.6,
  Q5_K_M: 5.7,
  Q5_1: 6,
  Q5_0: 5.5,
  Q4_K_M: 4.9,
  Q4_1: 5,
  Q4_0: 4.5,
} as const;
export type GgufType = keyof typeof ggufTypes;
export const ggufTypeNames = Object.keys(ggufTypes) as GgufType[];

/** The most that one file of weights may hold, as Transformers takes it: 500MB or 5GB, in powers of ten. */
export const shardSize = z.string().regex(/^\d+(\.\d+)?(KB|MB|GB)$/, "Name a size such as 500MB or 5GB.");

export const shardBytes = (size: string): number =>
  Math.round(Number.parseFloat(size) * { KB: 1e3, MB: 1e6, GB: 1e9 }[size.slice(-2) as "KB" | "MB" | "GB"]);
