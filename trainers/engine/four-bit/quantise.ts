// Matrices in 4 bits a number, as bitsandbytes 0.50 holds them: blocks of 64 numbers share a scale, their largest magnitude, and each number
// is the nearest of 16 between −1 and 1 (Dettmers et al. 2023, arXiv 2305.14314).
import type { FourBitType } from "../../../spec/fields/model";
import { dequantiseScales, type NestedScales, quantiseScales } from "./scales";

/** Numbers that share a scale. */
export const blockSize = 64;

export interface FourBit {
  /** How many numbers it holds. */
  size: number;
  /** Two numbers a byte, the first in its upper half. */
  codes: Uint8Array;
  /** Of each block, in float32 or quantised themselves. */
  scales: Float32Array | NestedScales;
}

/** The numbers behind the codes: quantiles of a normal distribution, and floats with a sign, two bits of exponent and one of mantissa. */
export const levels = {
  nf4: Float32Array.of(
    ...[-1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334],
    ...[-0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224],
    ...[0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1],
  ),
  fp4: Float32Array.of(...[0, 1 / 16, 8, 12, 4, 6, 2, 3, 0, -1 / 16, -8, -12, -4, -6, -2, -3].map((x) => x / 12)),
};

export const levelsOf = (quantisation: FourBitType): Float32Array =>
  levels[quantisation.startsWith("nf4") ? "nf4" : "fp4"];

/** Codes in the order of their numbers, and the middles between neighbours: up to and with a middle a number is the lower one. */
function nearest(table: Float32Array): { order: Uint8Array; middles: Float32Array } {
  const order = Uint8Array.from(table.keys()).sort((a, b) => table[a]! - table[b]!);
  const middles = Float32Array.from(order.slice(1), (code, i) => Math.fround(table[order[i]!]! + table[code]!) / 2);
  return { order, middles };
}

/** The smallest magnitude that a number is divided by. */
const tiny = Math.fround(1e-38);

export function quantise(values: Float32Array, quantisation: FourBitType): FourBit {
  const { order, middles } = nearest(levelsOf(quantisation));
  const size = values.length;
  const scales = new Float32Array(Math.ceil(size / blockSize));
  const codes = new Uint8Array(Math.ceil(size / 2));
  /** Binary search among the 15 middles. */
  const code = (value: number): number => {
    let at = value > middles[7]! ? 8 : 0;
    if (value > middles[at + 3]!) at += 4;
    if (value > middles[at + 1]!) at += 2;
    if (value > middles[at]!) at += 1;
    return order[at]!;
  };
  for (let block = 0; block < scales.length; block++) {
    const [begin, end] = [block * blockSize, Math.min((block + 1) * blockSize, size)];
    let largest = 0;
    for (let i = begin; i < end; i++) largest = Math.max(largest, Math.abs(values[i]!));
    const whole = end - begin === blockSize; // bitsandbytes divides the numbers of a last block that is not by its scale
    scales[block] = whole ? largest : Math.max(largest, tiny);
    const divisor = Math.max(largest, tiny);
    const factor = Math.fround(1 / divisor);
    for (let i = begin; i < end; i++) {
      const scaled = Math.fround(whole ? values[i]! * factor : values[i]! / divisor);
      codes[i >> 1]! |= code(scaled) << (i % 2 === 0 ? 4 : 0);
    }
  }
  if (size % 2 === 1) codes[codes.length - 1]! |= code(0);
  return { size, codes, scales: quantisation.endsWith("-double") ? quantiseScales(scales) : scales };
}

export function dequantise({ size, codes, scales: held }: FourBit, quantisation: FourBitType): Float32Array {
  const table = levelsOf(quantisation);
  const scales = held instanceof Float32Array ? held : dequantiseScales(held);
  return Float32Array.from(
    { length: size },
    (_, i) => table[i % 2 === 0 ? codes[i >> 1]! >> 4 : codes[i >> 1]! & 15]! * scales[Math.floor(i / blockSize)]!,
  );
}
