// Double quantisation (Dettmers et al. 2023, arXiv 2305.14314): the scales of a 4-bit matrix in 8 bits, less their mean, in blocks of 256
// that share a scale of their own.

/** Scales that share a scale. */
export const groupSize = 256;

export interface NestedScales {
  /** Places in `dynamicMap`. */
  codes: Uint8Array;
  /** Of each group. */
  scales: Float32Array;
  /** The mean, which was taken off first. */
  offset: number;
}

/** 256 numbers from −1 to 1 that lie the closer the smaller they are (Dettmers 2015, arXiv 1511.04561): middles of equal parts of 0.1 … 1, times a power of ten. */
export const dynamicMap: Float32Array = createDynamicMap();

function createDynamicMap(): Float32Array {
  const { fround } = Math;
  const positive = Array.from({ length: 7 }, (_, power) => {
    const parts = 2 ** power;
    const step = fround(fround(1 - fround(0.1)) / parts);
    // as torch's linspace in float32, which counts from the nearer end
    const bound = (i: number) => fround(i < (parts + 1) / 2 ? fround(0.1) + step * i : 1 - step * (parts - i));
    const middles = Array.from({ length: parts }, (_, i) => fround(fround(bound(i) + bound(i + 1)) / 2));
    return middles.map((middle) => fround(fround(10 ** (power - 6)) * middle));
  }).flat();
  return Float32Array.of(...positive, ...positive.map((x) => -x), 0, 1).sort();
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
    if (largest > 0) for (let i = begin; i < end; i++) codes[i] = nearest(Math.fround(centred[i]! * factor));
  }
  return { codes, scales, offset };
}

/** The place in the map for a number in −1 … 1, which bitsandbytes' library for processors first rounds to one of 65,536. */
function nearest(value: number): number {
  const { fround } = Math;
  const rounded = (2 * Math.trunc(fround(fround(fround(value + 1) * 32767.5) + 0.5))) / 65535 - 1;
  let [low, high] = [0, dynamicMap.length - 1]; // the first that is not below `rounded`; the last is 1
  while (low < high) {
    const middle = (low + high) >> 1;
    if (dynamicMap[middle]! < rounded) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  return dynamicMap[low]! - rounded < rounded - dynamicMap[low - 1]! ? low : low - 1;
}

export const dequantiseScales = ({ codes, scales, offset }: NestedScales): Float32Array =>
  Float32Array.from(codes, (code, i) => Math.fround(dynamicMap[code]! * scales[Math.floor(i / groupSize)]!) + offset);
