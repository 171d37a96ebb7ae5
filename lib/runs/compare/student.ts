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
  const { error, degrees } = welchError(a, b);
  if (error === 0) return null;
  return 2 * (1 - jStat.studentt.cdf(Math.abs(mean(a) - mean(b)) / error, degrees));
}

/** Standard error of the difference of two means, with its degrees of freedom. */
function welchError(a: number[], b: number[]): { error: number; degrees: number } {
  const [va, vb] = [deviation(a) ** 2 / a.length, deviation(b) ** 2 / b.length]; // variance of each mean
  const degrees = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  return { error: Math.sqrt(va + vb), degrees };
}

export interface Difference {
  delta: number;
  /** Half-width of its 95 % interval, and the two-sided p that there is none. Null where nothing tells the noise. */
  half: number | null;
  p: number | null;
}

/** What a metric's values are over some runs, or of one run with the standard error over its prompts or pairs. */
export interface Sample {
  values: number[];
  error: number | null;
}

/** How far `other` lies from `base`: by Welch's test between runs, or by the standard errors of two single runs. */
export function difference(base: Sample, other: Sample): Difference {
  const delta = mean(other.values) - mean(base.values);
  const p = welch(base.values, other.values);
  if (p !== null) return { delta, half: welchHalf(base.values, other.values), p };
  const single = base.values.length === 1 && other.values.length === 1;
  if (!single || base.error === null || other.error === null) return { delta, half: null, p: null };
  const error = Math.hypot(base.error, other.error);
  if (error === 0) return { delta, half: 0, p: null };
  return { delta, half: 1.96 * error, p: 2 * (1 - jStat.normal.cdf(Math.abs(delta) / error, 0, 1)) };
}

function welchHalf(a: number[], b: number[]): number {
  const { error, degrees } = welchError(a, b);
  return jStat.studentt.inv(0.975, degrees) * error;
}
