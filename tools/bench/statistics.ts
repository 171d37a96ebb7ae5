// A ratio of two times from paired rounds, with its interval.
import jStat from "jstat";
import { mean } from "../../spec/statistics";
import type { Workload } from "./workloads";

export interface Ratio {
  /** Geometric mean of slow / fast over the rounds. */
  ratio: number;
  /** 95 % interval of the geometric mean by Student's t on the logarithms; null below two rounds. */
  interval: [number, number] | null;
  rounds: number;
}

/** How many times longer `slow[i]` took than `fast[i]`, each pair from one round. */
export function pairedRatio(slow: number[], fast: number[]): Ratio {
  const logs = slow.map((time, i) => Math.log(time / fast[i]!));
  const n = logs.length;
  const mean = logs.reduce((a, b) => a + b, 0) / n;
  if (n < 2) return { ratio: Math.exp(mean), interval: null, rounds: n };
  const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (n - 1));
  const half = (jStat.studentt.inv(0.975, n - 1) * deviation) / Math.sqrt(n);
  return { ratio: Math.exp(mean), interval: [Math.exp(mean - half), Math.exp(mean + half)], rounds: n };
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A step's time in one round: the median of all but the first, which compiles; of ragged rows the mean of all. */
export const secondsOf = ({ kind }: Workload, seconds: number[]): number =>
  kind === "ragged" ? mean(seconds) : median(seconds.slice(1));
