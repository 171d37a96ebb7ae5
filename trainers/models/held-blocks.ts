// Which layers of a base stay in the quantised blocks of its GGUF file.
import type { AskedQuantisation, HeldBase } from "../../spec/fields/model";
import { type HeldType, heldTypes, isHeldType } from "../engine/gguf-blocks/types";
import type { ModelConfig } from "./config";
import type { WeightSource } from "./formats/safetensors";
import { quantisedLayers } from "./quantised-layers";

const inFull = ["F32", "F16", "BF16"];

/** Names of their matrices, with the types of their blocks. Throws, with what to do, where the file has none, or one of a type that is not held. */
export function heldBlocks(
  config: ModelConfig,
  { blocks }: Pick<WeightSource, "blocks">,
  held: HeldBase<AskedQuantisation>,
): Map<string, HeldType> {
  if (held.quantisation !== "gguf") return new Map();
  if (!blocks)
    throw new Error(
      'model.quantisation "gguf" holds a model in the blocks of its .gguf file, and this one is none: choose "nf4-double", or leave it empty',
    );
  const found = new Map<string, HeldType>();
  for (const name of quantisedLayers(config, held)) {
    const type = blocks.typeOf(name);
    if (inFull.includes(type)) continue;
    if (!isHeldType(type))
      throw new Error(
        `${name} is in blocks of ${type}, and model.quantisation "gguf" holds ${types}: name it in model.unquantised, or leave model.quantisation empty`,
      );
    found.set(name, type);
  }
  if (found.size === 0)
    throw new Error(
      `model.quantisation "gguf" holds layers in blocks of ${types}, and this file has none: choose "nf4-double", or leave it empty`,
    );
  return found;
}

/** Whether a base could be held so: what is in blocks is in blocks of types that are held. */
export function canHoldBlocks(config: ModelConfig, { blocks }: Pick<WeightSource, "blocks">): boolean {
  if (!blocks) return false;
  const names = [...quantisedLayers(config, { quantisation: "gguf", unquantised: [] })];
  const inBlocks = names.map((name) => blocks.typeOf(name)).filter((type) => !inFull.includes(type));
  return inBlocks.length > 0 && inBlocks.every(isHeldType);
}

const types = Object.keys(heldTypes).join(", ");
