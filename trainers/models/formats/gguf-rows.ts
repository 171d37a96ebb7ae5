// A tensor as Transformers has it and as GGUF does: the order of rows of q, k and v, matrices that are turned, what norms and a state's rates hold.
import type { BlockRows } from "../../engine/gguf-blocks/types";
import type { ModelConfig } from "../config";
import { floatMemory } from "./float-memory";
import type { GgufFamily } from "./gguf-family";
import { isRate, logsOfRates } from "./gguf-state-space";
import { isTransposed } from "./gguf-tensors";
import type { HostTensor } from "./safetensors";

/** Out of a GGUF file, with its shape there. */
export function fromGguf(family: GgufFamily, name: string, tensor: HostTensor, config: ModelConfig): HostTensor {
  if (isTransposed(config, name)) return transposed(tensor);
  if (isRate(name)) return { ...tensor, data: logsOfRates(tensor.data, name) };
  const placeOf = rowPlaces(family, name, config);
  if (placeOf) return { ...tensor, data: reordered(tensor, placeOf, "gguf") };
  const offset = offsetOf(family, name);
  return offset === 0 ? tensor : { ...tensor, data: tensor.data.map((value) => value - offset) };
}

/** A matrix in its blocks, as [out, in] whichever way Transformers keeps it: a row is whole blocks, so that rows alone change places. */
export function blocksFromGguf(family: GgufFamily, name: string, stored: BlockRows, config: ModelConfig): BlockRows {
  const placeOf = isTransposed(config, name) ? null : rowPlaces(family, name, config);
  if (!placeOf) return stored;
  const [rows] = stored.shape;
  const size = stored.bytes.length / rows;
  const bytes = new Uint8Array(stored.bytes.length);
  for (let row = 0; row < rows; row++) {
    const from = placeOf(row) * size;
    bytes.set(stored.bytes.subarray(from, from + size), row * size);
  }
  return { ...stored, bytes };
}

/** The inverse: what a GGUF file holds. */
export function toGguf(family: GgufFamily, name: string, tensor: HostTensor, config: ModelConfig): Float32Array {
  if (isTransposed(config, name)) return transposed(tensor).data;
  if (isRate(name)) return tensor.data.map((value) => -Math.exp(value));
  const placeOf = rowPlaces(family, name, config);
  if (placeOf) return reordered(tensor, placeOf, "hugging face");
  const offset = offsetOf(family, name);
  return offset === 0 ? tensor.data : tensor.data.map((value) => value + offset);
}

const offsetOf = ({ normOffset }: GgufFamily, name: string) => (name.includes("norm") ? normOffset : 0);

/** In which row GGUF keeps a row of Transformers'; null where rows are the same. */
function rowPlaces(
  { rows }: GgufFamily,
  name: string,
  { heads, headDim: D }: ModelConfig,
): ((row: number) => number) | null {
  if (rows === "parts" && name.includes("query_key_value"))
    return (row) => {
      const [head, part, within] = [Math.floor(row / (3 * D)), Math.floor(row / D) % 3, row % D];
      return (part * heads + head) * D + within;
    };
  if (rows !== "pairs" || !/[qk]_proj\./.test(name)) return null;
  return (row) => {
    const [head, half, within] = [Math.floor(row / D), Math.floor((row % D) / (D / 2)), row % (D / 2)];
    return head * D + within * 2 + half;
  };
}

/** Rows out of GGUF's order into Transformers' or the other way. */
function reordered(
  { shape, data }: HostTensor,
  placeOf: (row: number) => number,
  from: "gguf" | "hugging face",
): Float32Array {
  const [rows, columns = 1] = shape as [number, number?];
  const out = floatMemory(data.length);
  for (let row = 0; row < rows; row++) {
    const there = placeOf(row);
    const [source, target] = from === "gguf" ? [there, row] : [row, there];
    out.set(data.subarray(source * columns, (source + 1) * columns), target * columns);
  }
  return out;
}

function transposed({ shape, data }: HostTensor): HostTensor {
  const [rows, columns] = shape as [number, number];
  const out = floatMemory(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) out[column * rows + row] = data[row * columns + column]!;
  return { shape: [columns, rows], data: out };
}
