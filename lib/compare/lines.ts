// Curves as charts need them: smoothed on the whole history, averaged over a group, thinned without losing a spike.
import { mean } from "../statistics";
import { interval } from "../student";
import type { DrawnLine } from "./schema";

/** A metric of one run along an axis; `x` never falls. */
export interface Curve {
  x: number[];
  y: number[];
  /** Standard errors, where they were measured. */
  error: (number | null)[];
}

/** Exponential moving average with weight `w` of the past, divided by the weights that are there: s_t = Σ w^i y_{t−i} / Σ w^i. */
export function smoothed(y: number[], w: number): number[] {
  let [sum, weights] = [0, 0];
  return y.map((value) => {
    [sum, weights] = [w * sum + value, w * weights + 1];
    return sum / weights;
  });
}

/**
 * Which points to draw in `columns` columns between `from` and `to`: of each column the lowest of `low` and the highest of `high`, and the
 * neighbours just outside, so that lines leave the picture where they should.
 */
export function kept(x: number[], low: number[], high: number[], from: number, to: number, columns: number): number[] {
  const first = Math.max(0, x.findIndex((value) => value >= from) - 1);
  const beyond = x.findIndex((value) => value > to);
  const last = beyond < 0 ? x.length - 1 : beyond;
  if (last - first < 2 * columns) return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const chosen = new Set([first, last]);
  const columnOf = (i: number) => Math.floor((columns * (x[i]! - from)) / (to - from));
  for (let start = first; start <= last; ) {
    let [end, lowest, highest] = [start, start, start];
    for (; end <= last && columnOf(end) === columnOf(start); end++) {
      if (low[end]! < low[lowest]!) lowest = end;
      if (high[end]! > high[highest]!) highest = end;
    }
    chosen.add(lowest).add(highest);
    start = end;
  }
  return [...chosen].sort((a, b) => a - b);
}

interface Window {
  smooth: number;
  from?: number | undefined;
  to?: number | undefined;
  columns: number;
}

/** A group of one is a run with its own 95 % band; of several, their mean with Student's interval and the extremes. Null without points. */
export function drawn(curves: Curve[], { smooth, from, to, columns }: Window): DrawnLine | null {
  const present = curves.filter(({ x }) => x.length > 0);
  if (present.length === 0) return null;
  const line = present.length === 1 ? single(present[0]!) : averaged(present);
  const whole: DrawnLine = { ...line, smooth: smooth > 0 ? smoothed(line.y, smooth) : null };
  const [left, right] = [from ?? whole.x[0]!, to ?? whole.x.at(-1)!];
  const at = kept(whole.x, whole.least ?? whole.y, whole.most ?? whole.y, left, right, columns);
  const pick = (values: number[]) => at.map((i) => values[i]!);
  const maybe = (values: number[] | null) => values && pick(values);
  const { x, y, low, high, least, most } = whole;
  return {
    x: pick(x),
    y: pick(y),
    smooth: maybe(whole.smooth),
    low: maybe(low),
    high: maybe(high),
    least: maybe(least),
    most: maybe(most),
  };
}

type Line = Omit<DrawnLine, "smooth">;

function single({ x, y, error }: Curve): Line {
  const known = error.some((value) => value !== null);
  const edge = (sign: number) => (known ? y.map((value, i) => value + sign * 1.96 * (error[i] ?? 0)) : null);
  return { x, y, low: edge(-1), high: edge(1), least: null, most: null };
}

/** At every x that any of them has and all of them span, by straight lines between points. */
function averaged(curves: Curve[]): Line {
  const start = Math.max(...curves.map(({ x }) => x[0]!));
  const end = Math.min(...curves.map(({ x }) => x.at(-1)!));
  const x = [...new Set(curves.flatMap((curve) => curve.x))]
    .filter((value) => value >= start && value <= end)
    .sort((a, b) => a - b);
  const columns = curves.map((curve) => between(curve, x));
  const at = x.map((_, i) => columns.map((column) => column[i]!));
  const intervals = at.map(interval);
  return {
    x,
    y: at.map(mean),
    low: intervals.map(({ mean, half }) => mean - half),
    high: intervals.map(({ mean, half }) => mean + half),
    least: at.map((values) => Math.min(...values)),
    most: at.map((values) => Math.max(...values)),
  };
}

function between({ x, y }: Curve, wanted: number[]): number[] {
  let i = 0;
  return wanted.map((value) => {
    while (i < x.length - 2 && x[i + 1]! < value) i++;
    const [x0, x1, y0, y1] = [x[i]!, x[i + 1] ?? x[i]!, y[i]!, y[i + 1] ?? y[i]!];
    return x1 === x0 ? y0 : y0 + ((y1 - y0) * (value - x0)) / (x1 - x0);
  });
}
