// Double quantisation (Dettmers et al. 2023, arXiv 2305.14314): the scales of a 4-bit matrix in 8 bits, less their mean, in blocks of 256
// that share a scale of their own.

import { placeOf, roundedIndex, signedMap } from "../dynamic-map";

/** Scales that share a scale. */
export const groupSize = 256;

export interface NestedScales {
  /** Places in `signedMap`. */
  codes: Uint8Array;
  /** Of each group. */
  scales: Float32Array;
  /** The mean, which was taken off first. */
  offset: number;
}

export function quantiseScales(values: Float32Array): NestedScales {
  const offset = Math.fround(values.reduce((sum, value) => sum + value, 0) / values.length);
  const centred = values.map((value) => value - offset);
  const codes = new Uint8Array(values.length);
  const scales = new Float32Array(Math.ceil(values.length / groupSize));
  for (let group = 0; group < scales.length; group++) {
    const [begin, end] = [group * groupSize, Math.min((group + 1) * groupSize, values.length)];
    const largest = centred.subarray(begin, end).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    scales[group] = largest;
    const factor = Math.fround(1 / largest);
    if (largest > 0)
      for (let i = begin; i < end; i++) codes[i] = placeOf(signedMap, roundedIndex(Math.fround(centred[i]! * factor)));
  }
  return { codes, scales, offset };
}

export const dequantiseScales = ({ codes, scales, offset }: NestedScales): Float32Array =>
  Float32Array.from(codes, (code, i) => Math.fround(signedMap[code]! * scales[Math.floor(i / groupSize)]!) + offset);
