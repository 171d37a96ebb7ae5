// Packs float32 values into GGUF's blocks, byte for byte as ggml's reference code and the gguf package do.
import { GGMLQuantizationType as Type } from "@huggingface/gguf";
import { numberToBfloat16, numberToFloat16 } from "./float16";
import { layouts } from "./gguf-blocks";
import { packQ4K, packQ5K, packQ6K } from "./gguf-k-quantise";

/** What a tensor's values are written as. */
export type BlockType = "F32" | "F16" | "BF16" | Quantised;

/** Values that make one block: a row's length is a multiple of it. */
export const blockValues = (type: BlockType): number => layouts[Type[type]]!.values;

export const bytesOf = (type: BlockType, count: number): number =>
  (count / blockValues(type)) * layouts[Type[type]]!.bytes;

export function quantise(type: BlockType, values: Float32Array): Uint8Array {
  if (type === "F32") return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (type === "F16") return sixteenBits(values, numberToFloat16);
  if (type === "BF16") return sixteenBits(values, numberToBfloat16);
  const out = new Uint8Array(bytesOf(type, values.length));
  const { values: size, bytes } = layouts[Type[type]]!;
  for (let block = 0; block < values.length / size; block++)
    pack[type](values.subarray(size * block, size * (block + 1)), new DataView(out.buffer, block * bytes, bytes));
  return out;
}

function sixteenBits(values: Float32Array, of: (value: number) => number): Uint8Array {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = of(values[i]!); // Uint16Array.from takes many times as long
  return new Uint8Array(out.buffer);
}

const { fround, trunc } = Math;
/** 1 / x in float32, 0 of 0. */
const inverse = (x: number) => (x === 0 ? 0 : fround(1 / x));
const clip = (q: number, most: number) => Math.min(most, Math.max(0, q));

/** Each packs one block. Arithmetic is float32's, rounded at each step. */
const pack = {
  Q8_0(values: Float32Array, out: DataView) {
    const scale = fround(values.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 127);
    out.setUint16(0, numberToFloat16(scale), true);
    values.forEach((x, i) => {
      const scaled = fround(x * inverse(scale));
      out.setInt8(2 + i, Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5)); // halves away from zero
    });
  },
  Q4_0: (values: Float32Array, out: DataView) => fromZero(values, out, 8),
  Q5_0: (values: Float32Array, out: DataView) => fromZero(values, out, 16),
  Q4_1: (values: Float32Array, out: DataView) => fromMinimum(values, out, 15),
  Q5_1: (values: Float32Array, out: DataView) => fromMinimum(values, out, 31),
  Q4_K: packQ4K,
  Q5_K: packQ5K,
  Q6_K: packQ6K,
};
type Quantised = keyof typeof pack;

/** The largest value, with its sign, becomes −levels: d, then q − levels times d is a value. */
function fromZero(values: Float32Array, out: DataView, levels: 8 | 16): void {
  const largest = values.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), values[0]!);
  const scale = fround(largest / -levels);
  out.setUint16(0, numberToFloat16(scale), true);
  const of = inverse(scale);
  const q = Array.from(values, (x) => clip(trunc(fround(fround(x * of) + levels + 0.5)), 2 * levels - 1));
  writeNibbles(q, out, 2, levels === 16);
}

/** d and the minimum m: q · d + m is a value. */
function fromMinimum(values: Float32Array, out: DataView, most: 15 | 31): void {
  const minimum = values.reduce((a, b) => Math.min(a, b));
  const scale = fround(fround(values.reduce((a, b) => Math.max(a, b)) - minimum) / most);
  out.setUint16(0, numberToFloat16(scale), true);
  out.setUint16(2, numberToFloat16(minimum), true);
  const of = inverse(scale);
  const q = Array.from(values, (x) => clip(trunc(fround(fround(fround(x - minimum) * of) + 0.5)), most));
  writeNibbles(q, out, 4, most === 31);
}

/** Low nibbles of 32 numbers, the first half beside the second; before them their fifth bits where they have five. */
function writeNibbles(q: number[], out: DataView, at: number, five: boolean): void {
  if (five)
    out.setUint32(
      at,
      q.reduce((bits, value, i) => bits + (value >> 4) * 2 ** i, 0),
      true,
    );
  const from = five ? at + 4 : at;
  for (let i = 0; i < 16; i++) out.setUint8(from + i, (q[i]! & 15) | ((q[i + 16]! & 15) << 4));
}
