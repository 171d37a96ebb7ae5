// Blocks of 256 values with scales of their own within, and the tables of IQ4: ggml-quants.c of ggml-org/ggml, where the layouts are from.
import { halfAt as half } from "./float16";

/** Sixteen bytes of (scale, minimum) nibbles, 64 bytes of four pairs of bits, d, dmin (f16): sixteen groups of 16 values. */
export function unpackQ2K(b: DataView, out: Float32Array, at: number): void {
  const [d, dmin] = [half(b, 80), half(b, 82)];
  for (let i = 0; i < 256; i++) {
    const scales = b.getUint8(i >> 4);
    const q = (b.getUint8(16 + 32 * (i >> 7) + (i & 31)) >> (2 * ((i >> 5) & 3))) & 3;
    out[at + i] = d * (scales & 15) * q - dmin * (scales >> 4);
  }
}

/** 32 bytes of high bits (0 takes 4 away), 64 bytes of four pairs of bits, 12 bytes of sixteen 6-bit scales, d (f16). */
export function unpackQ3K(b: DataView, out: Float32Array, at: number): void {
  const d = half(b, 108);
  const scale = (group: number) => {
    const low = b.getUint8(96 + (group & 7));
    const high = (b.getUint8(104 + (group & 3)) >> (2 * (group >> 2))) & 3;
    return ((group < 8 ? low & 15 : low >> 4) | (high << 4)) - 32;
  };
  for (let i = 0; i < 256; i++) {
    const low = (b.getUint8(32 + 32 * (i >> 7) + (i & 31)) >> (2 * ((i >> 5) & 3))) & 3;
    const high = (b.getUint8(i & 31) >> (i >> 5)) & 1;
    out[at + i] = d * scale(i >> 4) * (low - (high ? 0 : 4));
  }
}

/** Group's 6-bit scale and minimum among the 12 bytes from byte 4 on. */
function scaleAndMinimum(b: DataView, group: number): [number, number] {
  const byte = (i: number) => b.getUint8(4 + i);
  if (group < 4) return [byte(group) & 63, byte(group + 4) & 63];
  const [both, scaleHigh, minimumHigh] = [byte(group + 4), byte(group - 4) >> 6, byte(group) >> 6];
  return [(both & 15) | (scaleHigh << 4), (both >> 4) | (minimumHigh << 4)];
}

/** d, dmin (f16), 12 bytes of eight 6-bit (scale, minimum) pairs, 128 bytes of nibbles: eight groups of 32 values. */
export function unpackQ4K(b: DataView, out: Float32Array, at: number): void {
  const [d, dmin] = [half(b, 0), half(b, 2)];
  for (let group = 0; group < 8; group++) {
    const [scale, minimum] = scaleAndMinimum(b, group);
    for (let i = 0; i < 32; i++) {
      const q = nibble(b, 16, group, i);
      out[at + 32 * group + i] = d * scale * q - dmin * minimum;
    }
  }
}

/** As Q4_K, with 32 bytes of high bits before the nibbles. */
export function unpackQ5K(b: DataView, out: Float32Array, at: number): void {
  const [d, dmin] = [half(b, 0), half(b, 2)];
  for (let group = 0; group < 8; group++) {
    const [scale, minimum] = scaleAndMinimum(b, group);
    for (let i = 0; i < 32; i++) {
      const q = nibble(b, 48, group, i) | (((b.getUint8(16 + i) >> group) & 1) << 4);
      out[at + 32 * group + i] = d * scale * q - dmin * minimum;
    }
  }
}

/** Value i of a group of 32: two groups share 32 bytes. */
function nibble(b: DataView, from: number, group: number, i: number): number {
  const byte = b.getUint8(from + 32 * (group >> 1) + i);
  return group % 2 === 0 ? byte & 15 : byte >> 4;
}

/** 128 bytes of low nibbles, 64 bytes of high bit pairs, sixteen int8 scales, d (f16): 256 values of 6 bits. */
export function unpackQ6K(b: DataView, out: Float32Array, at: number): void {
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

/** What four bits stand for in IQ4. */
const levels = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

/** d (f16), 16 bytes of nibbles. */
export function unpackIq4Nl(b: DataView, out: Float32Array, at: number): void {
  const d = half(b, 0);
  for (let i = 0; i < 16; i++) {
    const byte = b.getUint8(2 + i);
    out[at + i] = d * levels[byte & 15]!;
    out[at + i + 16] = d * levels[byte >> 4]!;
  }
}

/** d (f16), eight pairs of high bits of scales, 4 bytes of their low nibbles, 128 bytes of nibbles: eight groups of 32 values. */
export function unpackIq4Xs(b: DataView, out: Float32Array, at: number): void {
  const [d, highs] = [half(b, 0), b.getUint16(2, true)];
  for (let group = 0; group < 8; group++) {
    const low = (b.getUint8(4 + (group >> 1)) >> (4 * (group & 1))) & 15;
    const scale = d * ((low | (((highs >> (2 * group)) & 3) << 4)) - 32);
    for (let i = 0; i < 16; i++) {
      const byte = b.getUint8(8 + 16 * group + i);
      out[at + 32 * group + i] = scale * levels[byte & 15]!;
      out[at + 32 * group + i + 16] = scale * levels[byte >> 4]!;
    }
  }
}
