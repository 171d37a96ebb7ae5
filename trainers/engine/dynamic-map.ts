// Numbers in 8 bits by a map whose places lie the closer the smaller they are (Dettmers 2015, arXiv 1511.04561), as bitsandbytes 0.50 rounds to it.

/** 256 numbers from −1 to 1. */
export const signedMap: Float32Array = createMap(true);
/** 256 numbers from 0 to 1. */
export const unsignedMap: Float32Array = createMap(false);

/** Middles of equal parts of 0.1 … 1, times a power of ten, with 0 and 1; a sign takes half of the parts. */
function createMap(signed: boolean): Float32Array {
  const { fround } = Math;
  const positive = Array.from({ length: 7 }, (_, power) => {
    const parts = 2 ** (signed ? power : power + 1);
    const step = fround(fround(1 - fround(0.1)) / parts);
    // as torch's linspace in float32, which counts from the nearer end
    const bound = (i: number) => fround(i < (parts + 1) / 2 ? fround(0.1) + step * i : 1 - step * (parts - i));
    const middles = Array.from({ length: parts }, (_, i) => fround(fround(bound(i) + bound(i + 1)) / 2));
    return middles.map((middle) => fround(fround(10 ** (power - 6)) * middle));
  }).flat();
  return Float32Array.of(...positive, ...(signed ? positive.map((x) => -x) : []), 0, 1).sort();
}

/** How many numbers from −1 to 1 bitsandbytes' library for processors rounds to, before it looks for the nearest place in a map. */
export const roundedNumbers = 65536;
const half = (roundedNumbers - 1) / 2;

/** Which of them a number in −1 … 1 becomes, in float32. */
export function roundedIndex(value: number): number {
  const { fround } = Math;
  return Math.trunc(fround(fround(fround(value + 1) * half) + 0.5));
}

/** The place in `map` for the number that `index` stands for: the nearer of its neighbours, the upper one between two. */
export function placeOf(map: Float32Array, index: number): number {
  const rounded = (2 * index) / (roundedNumbers - 1) - 1;
  let [low, high] = [0, map.length - 1]; // the first that is not below `rounded`; the last is 1
  while (low < high) {
    const middle = (low + high) >> 1;
    if (map[middle]! < rounded) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  return map[low]! - rounded < rounded - map[low - 1]! ? low : low - 1;
}
