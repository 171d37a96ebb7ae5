import type { Waited } from "../../tools/bench/scale-figures";

/** The median and the longest of times in milliseconds. */
export function waited(times: number[]): Waited {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)]!, longest: sorted.at(-1)! };
}
