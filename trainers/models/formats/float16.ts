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

/** To the nearest half, ties to even. */
export function numberToFloat16(x: number): number {
  float[0] = x;
  const sign = (floatBits[0]! >>> 16) & 0x8000;
  const magnitude = Math.abs(float[0]!);
  if (Number.isNaN(x)) return sign | 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00; // rounds to infinity
  const exponent = Math.max(-14, ((floatBits[0]! >>> 23) & 255) - 127);
  const rounded = roundToEven(magnitude / 2 ** (exponent - 10)); // in units of the last place
  // A mantissa that rounds up to 2048 carries into the exponent by itself; below 1024 the number is subnormal.
  return sign | (rounded < 1024 ? rounded : (exponent + 14) * 1024 + rounded);
}

function roundToEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}
