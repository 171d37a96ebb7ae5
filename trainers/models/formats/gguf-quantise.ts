// Packs float32 values into GGUF's blocks, byte for byte as ggml's reference code and the gguf package do.
import type { GgufType } from "../../../spec/export-types";
import { numberToFloat16 } from "./float16";

/** Bytes of a block of 32 values. */
const blockBytes = { Q8_0: 34, Q5_1: 24, Q5_0: 22, Q4_1: 20, Q4_0: 18 };
type Quantised = keyof typeof blockBytes;

export const isQuantised = (type: string): type is Quantised => Object.hasOwn(blockBytes, type);

export function bytesOf(type: "F32" | GgufType, count: number): number {
  if (isQuantised(type)) return (count / 32) * blockBytes[type];
  return type === "F32" ? 4 * count : 2 * count;
}

export function quantise(type: "F32" | GgufType, values: Float32Array): Uint8Array {
  if (type === "F32") return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (type === "F16") return new Uint8Array(Uint16Array.from(values, numberToFloat16).buffer);
  if (type === "BF16") return bfloat16(values);
  const out = new Uint8Array(bytesOf(type, values.length));
  for (let block = 0; block < values.length / 32; block++)
    pack[type](
      values.subarray(32 * block, 32 * block + 32),
      new DataView(out.buffer, block * blockBytes[type], blockBytes[type]),
    );
  return out;
}

/** To the nearest, halves to the even one; NaN stays NaN. */
function bfloat16(values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const rounded = Uint16Array.from(bits, (n) =>
    (n & 0x7fffffff) > 0x7f800000 ? (n >>> 16) | 64 : (n + (0x7fff + ((n >>> 16) & 1))) / 65536,
  );
  return new Uint8Array(rounded.buffer);
}

const { fround, trunc } = Math;
/** 1 / x in float32, 0 of 0. */
const inverse = (x: number) => (x === 0 ? 0 : fround(1 / x));
const clip = (q: number, most: number) => Math.min(most, Math.max(0, q));

/** Each packs 32 values. Arithmetic is float32's, rounded at each step. */
const pack: Record<Quantised, (values: Float32Array, out: DataView) => void> = {
  Q8_0(values, out) {
    const scale = fround(values.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 127);
    out.setUint16(0, numberToFloat16(scale), true);
    values.forEach((x, i) => {
      const scaled = fround(x * inverse(scale));
      out.setInt8(2 + i, Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5)); // halves away from zero
    });
  },
  Q4_0: (values, out) => fromZero(values, out, 8),
  Q5_0: (values, out) => fromZero(values, out, 16),
  Q4_1: (values, out) => fromMinimum(values, out, 15),
  Q5_1: (values, out) => fromMinimum(values, out, 31),
};

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
