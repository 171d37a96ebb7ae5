// Curves as charts need them: smoothed on the whole history, averaged over a group, thinned without losing a spike.
import { mean } from "../../../spec/statistics";
import type { DrawnLine } from "./compare-schema";
import { interval } from "./student";

/** A metric of one run along an axis; `x` never falls. */
export interface Curve {
  x: number[];
  y: number[];
  /** The moving average of the whole history; empty without. */
  smooth: number[];
  /** Standard errors, where they were measured. */
  error: (number | null)[];
  /** Where `y` is the mean of many points: what they lie between, and where. */
  extremes: { minX: number[]; min: number[]; maxX: number[]; max: number[] } | null;
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
    for (const column = columnOf(start); end <= last && columnOf(end) === column; end++) {
      if (low[end]! < low[lowest]!) lowest = end;
      if (high[end]! > high[highest]!) highest = end;
    }
    chosen.add(lowest).add(highest);
    start = end;
  }
  return [...chosen].sort((a, b) => a - b);
}

interface Window {
  from?: number | undefined;
  to?: number | undefined;
  columns: number;
}

/** A group of one is a run with its own 95 % band; of several, their mean with Student's interval and the extremes. Null without points. */
export function drawn(curves: Curve[], { from, to, columns }: Window): DrawnLine | null {
  const present = curves.filter(({ x }) => x.length > 0);
  if (present.length === 0) return null;
  const line = present.length === 1 ? single(present[0]!) : averaged(present);
  if (line.x.length === 0) return null; // runs that share no stretch
  const [left, right] = [from ?? line.x[0]!, to ?? line.x.at(-1)!];
  const at = kept(line.x, line.min ?? line.y, line.max ?? line.y, left, right, columns);
  const pick = (values: number[] | null) => values && at.map((i) => values[i]!);
  return {
    x: pick(line.x)!,
    y: pick(line.y)!,
    smooth: pick(line.smooth),
    low: pick(line.low),
    high: pick(line.high),
    min: pick(line.min),
    max: pick(line.max),
  };
}

/** As drawn, before JSON. */
type Line = { [Part in keyof DrawnLine]: number[] | Extract<DrawnLine[Part], null> };

function single(curve: Curve): Line {
  const { x, y, smooth, error, extremes } = curve;
  if (extremes) return throughExtremes(smooth, extremes);
  const known = error.some((value) => value !== null);
  const edge = (sign: number) => (known ? y.map((value, i) => value + sign * 1.96 * (error[i] ?? 0)) : null);
  return { x, y, smooth: orNull(smooth), low: edge(-1), high: edge(1), min: null, max: null };
}

/** Seen from afar, a run's line goes through the lowest and the highest point of each entry, in their order. */
function throughExtremes(smooth: number[], { minX, min, maxX, max }: NonNullable<Curve["extremes"]>): Line {
  const line: { x: number[]; y: number[]; smooth: number[] } = { x: [], y: [], smooth: [] };
  const add = (x: number, y: number, i: number) => {
    line.x.push(x);
    line.y.push(y);
    if (smooth.length > 0) line.smooth.push(smooth[i]!);
  };
  for (let i = 0; i < minX.length; i++) {
    if (minX[i]! <= maxX[i]!) add(minX[i]!, min[i]!, i);
    if (minX[i] !== maxX[i]) add(maxX[i]!, max[i]!, i);
    if (minX[i]! > maxX[i]!) add(minX[i]!, min[i]!, i);
  }
  return { ...line, smooth: orNull(line.smooth), low: null, high: null, min: null, max: null };
}

const orNull = (values: number[]) => (values.length > 0 ? values : null);

/** At every x that any of them has and all of them span, by straight lines between points. */
function averaged(curves: Curve[]): Line {
  const start = Math.max(...curves.map(({ x }) => x[0]!));
  const end = Math.min(...curves.map(({ x }) => x.at(-1)!));
  const x = [...new Set(curves.flatMap((curve) => curve.x))]
    .filter((value) => value >= start && value <= end)
    .sort((a, b) => a - b);
  const across = (valuesOf: (curve: Curve) => number[]) => {
    const columns = curves.map((curve) => between(curve.x, valuesOf(curve), x));
    return x.map((_, i) => columns.map((column) => column[i]!));
  };
  const means = across(({ y }) => y);
  const intervals = means.map(interval);
  const smooth = curves.every((curve) => curve.smooth.length > 0) ? across((curve) => curve.smooth).map(mean) : null;
  return {
    x,
    y: means.map(mean),
    smooth,
    low: intervals.map(({ mean, half }) => mean - half),
    high: intervals.map(({ mean, half }) => mean + half),
    min: across(({ y, extremes }) => extremes?.min ?? y).map((values) => Math.min(...values)),
    max: across(({ y, extremes }) => extremes?.max ?? y).map((values) => Math.max(...values)),
  };
}

/** Values at `wanted`, which never falls, on straight lines through the points (x, y). */
export function between(x: number[], y: number[], wanted: number[]): number[] {
  let i = 0;
  return wanted.map((value) => {
    while (i < x.length - 2 && x[i + 1]! < value) i++;
    const [x0, x1, y0, y1] = [x[i]!, x[i + 1] ?? x[i]!, y[i]!, y[i + 1] ?? y[i]!];
    return x1 === x0 ? y0 : y0 + ((y1 - y0) * (value - x0)) / (x1 - x0);
  });
}
