// IEEE half precision, which JavaScript of Node 20 has no arrays of.

export function float16ToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

/** The half at byte `at` of a block. */
export const halfAt = (block: DataView, at: number): number => float16ToNumber(block.getUint16(at, true));

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** bfloat16, which is the upper half of a float32. */
export function bfloat16ToNumber(bits: number): number {
  floatBits[0] = bits << 16;
  return float[0]!;
}

/** To the nearest, ties to even; NaN stays NaN. */
export function numberToBfloat16(x: number): number {
  float[0] = x;
  const bits = floatBits[0]!;
  return (bits & 0x7fffffff) > 0x7f800000 ? (bits >>> 16) | 64 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** To the nearest half, ties to even. */
export function numberToFloat16(x: number): number {
  float[0] = x;
  const bits = floatBits[0]!;
  const [sign, magnitude] = [(bits >>> 16) & 0x8000, bits & 0x7fffffff];
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 2^16 and more; what rounds to it becomes infinity below
  // Ten bits of the mantissa stay; one that is rounded up to 2^10 carries into the exponent, which is 112 less, by itself.
  if (magnitude >= 0x38800000) return sign | ((magnitude + 0xfff + ((magnitude >>> 13) & 1) - (112 << 23)) >>> 13);
  return sign | nearest(Math.abs(float[0]!) * 2 ** 24); // below 2^-14: in units of the last place
}

/** To the nearest whole number, halves to the even one: float32 keeps no fractions from 1.5 · 2^23 on. */
export const nearest = (x: number): number => Math.fround(x + 12582912) - 12582912;
