// GGUF's tensor blocks to float32 and, for those that are written, back. Layouts: ggml-quants.c of ggml-org/ggml.
import { GGMLQuantizationType as Type } from "@huggingface/gguf";
import { float16ToNumber, numberToFloat16 } from "./float16";

/** Values and bytes of one quantised block, and how it turns into floats (written to `out` from `at` on). */
interface Layout {
  values: number;
  bytes: number;
  unpack(block: DataView, out: Float32Array, at: number): void;
}

const half = (block: DataView, at: number) => float16ToNumber(block.getUint16(at, true));

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

export const unsupported = (type: Type) =>
  `quantisation ${Type[type]} is not supported; use F32, F16, Q8_0, Q4_0, Q4_1, Q4_K or Q6_K`;

/** Dequantises `count` values that start at byte 0 of `bytes`. Throws on a type that is not listed above. */
export function dequantise(type: Type, bytes: Uint8Array, count: number): Float32Array {
  const layout = layouts[type];
  if (!layout) throw new Error(unsupported(type));
  const out = new Float32Array(count);
  for (let block = 0; block < count / layout.values; block++)
    layout.unpack(
      new DataView(bytes.buffer, bytes.byteOffset + block * layout.bytes, layout.bytes),
      out,
      block * layout.values,
    );
  return out;
}

/** Packs values as ggml's reference code does: F32 and F16 one by one, Q8_0 in blocks of 32 with the scale max |x| / 127. */
export function quantise(type: "F32" | "F16" | "Q8_0", values: Float32Array): Uint8Array {
  if (type === "F32") return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (type === "F16") return new Uint8Array(Uint16Array.from(values, numberToFloat16).buffer);
  const out = new DataView(new ArrayBuffer((values.length / 32) * 34));
  for (let block = 0; block < values.length / 32; block++) {
    const part = values.subarray(32 * block, 32 * block + 32);
    const scale = Math.fround(part.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 127);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    out.setUint16(34 * block, numberToFloat16(scale), true);
    part.forEach((x, i) => {
      const scaled = Math.fround(x * inverse);
      out.setInt8(34 * block + 2 + i, Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5)); // halves away from zero
    });
  }
  return new Uint8Array(out.buffer);
}
