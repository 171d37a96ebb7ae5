// Student's t for means over a few seeds: an interval of one mean, and whether two differ.
import jStat from "jstat";
import { deviation, mean } from "../../../spec/statistics";

/** Mean and half-width of its 95 % interval; NaN of a single value. */
export function interval(values: number[]): { mean: number; half: number } {
  const n = values.length;
  if (n < 2) return { mean: mean(values), half: Number.NaN };
  return { mean: mean(values), half: (jStat.studentt.inv(0.975, n - 1) * deviation(values)) / Math.sqrt(n) };
}

/**
 * Two-sided p that two means are equal, variances unknown and unlike (Welch 1947, with Satterthwaite's degrees of freedom).
 * Null where either side has fewer than two values, or nothing varies.
 */
export function welch(a: number[], b: number[]): number | null {
  if (a.length < 2 || b.length < 2) return null;
  const [va, vb] = [deviation(a) ** 2 / a.length, deviation(b) ** 2 / b.length]; // variance of each mean
  if (va + vb === 0) return null;
  const t = (mean(a) - mean(b)) / Math.sqrt(va + vb);
  const degrees = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  return 2 * (1 - jStat.studentt.cdf(Math.abs(t), degrees));
}
