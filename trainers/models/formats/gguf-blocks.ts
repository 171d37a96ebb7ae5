// GGUF's tensor blocks to float32. Layouts: ggml-quants.c of ggml-org/ggml.
import { GGMLQuantizationType as Type } from "@huggingface/gguf";
import { floatMemory } from "./float-memory";
import { bfloat16ToNumber, halfAt as half } from "./float16";
import { unpackIq4Nl, unpackIq4Xs, unpackQ2K, unpackQ3K, unpackQ4K, unpackQ5K, unpackQ6K } from "./gguf-k-blocks";

/** Values and bytes of one quantised block, and how it turns into floats (written to `out` from `at` on). */
interface Layout {
  values: number;
  bytes: number;
  unpack(block: DataView, out: Float32Array, at: number): void;
}

export const layouts: Partial<Record<Type, Layout>> = {
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
  [Type.BF16]: {
    values: 1,
    bytes: 2,
    unpack(b, out, at) {
      out[at] = bfloat16ToNumber(b.getUint16(0, true));
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
  [Type.Q5_0]: {
    values: 32,
    bytes: 22,
    unpack(b, out, at) {
      const scale = half(b, 0);
      for (let i = 0; i < 32; i++) out[at + i] = scale * (fiveBits(b, 2, i) - 16);
    },
  },
  [Type.Q5_1]: {
    values: 32,
    bytes: 24,
    unpack(b, out, at) {
      const [scale, minimum] = [half(b, 0), half(b, 2)];
      for (let i = 0; i < 32; i++) out[at + i] = scale * fiveBits(b, 4, i) + minimum;
    },
  },
  [Type.Q2_K]: { values: 256, bytes: 84, unpack: unpackQ2K },
  [Type.Q3_K]: { values: 256, bytes: 110, unpack: unpackQ3K },
  [Type.Q4_K]: { values: 256, bytes: 144, unpack: unpackQ4K },
  [Type.Q5_K]: { values: 256, bytes: 176, unpack: unpackQ5K },
  [Type.Q6_K]: { values: 256, bytes: 210, unpack: unpackQ6K },
  [Type.IQ4_NL]: { values: 32, bytes: 18, unpack: unpackIq4Nl },
  [Type.IQ4_XS]: { values: 256, bytes: 136, unpack: unpackIq4Xs },
};

/** Value i of 32: 4 bytes of high bits from `from` on, then 16 of low nibbles. */
function fiveBits(b: DataView, from: number, i: number): number {
  const byte = b.getUint8(from + 4 + (i % 16));
  return (i < 16 ? byte & 15 : byte >> 4) | (((b.getUint32(from, true) >>> i) & 1) << 4);
}

export const unsupported = (type: Type) =>
  `quantisation ${Type[type]} is not supported; use ${Object.keys(layouts)
    .map((known) => Type[Number(known)])
    .join(", ")}`;

/** Dequantises `count` values that start at byte 0 of `bytes`. Throws on a type that is not listed above. */
export function dequantise(type: Type, bytes: Uint8Array, count: number): Float32Array {
  const layout = layouts[type];
  if (!layout) throw new Error(unsupported(type));
  const out = floatMemory(count);
  for (let block = 0; block < count / layout.values; block++)
    layout.unpack(
      new DataView(bytes.buffer, bytes.byteOffset + block * layout.bytes, layout.bytes),
      out,
      block * layout.values,
    );
  return out;
}
