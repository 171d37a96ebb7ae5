// The pyramid of a metric's history. Its points are stored once, in columns of a chunk of rows; above them stand buckets of 64 points, and
// above those one summary a column. Whatever is shown, a chart reads the level that has about as many summaries as it has pixels.

import { movingAverage, type Smoothing, smoothingWeights } from "./smoothing";

export const bucketSize = 64;

/** Values of one metric at the steps that have it, in order. */
export interface Column {
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
}

/** Of neighbouring points: where they begin and end, their extremes with the steps of those, and the moving averages at the end. */
export interface Summary {
  first: number;
  last: number;
  leastStep: number;
  least: number;
  mostStep: number;
  most: number;
  sum: number;
  count: number;
  smooth: number[];
}

/** A summary of each `size` points, the averages going on from `start`. */
export function summaries({ steps, values }: Column, start: Smoothing, size: number): Summary[] {
  const averages = smoothingWeights.map((weight, w) => movingAverage(weight, start.smooth[w], start.count));
  const made: Summary[] = [];
  for (let i = 0; i < values.length; i++) {
    const [step, value] = [steps[i]!, values[i]!];
    if (i % size === 0) made.push(summaryOf(step, value));
    const open = made.at(-1)!;
    if (value < open.least) [open.least, open.leastStep] = [value, step];
    if (value > open.most) [open.most, open.mostStep] = [value, step];
    open.last = step;
    open.sum += value;
    open.count++;
    const smooth = averages.map((next) => next(value));
    if (open.count === size || i === values.length - 1) open.smooth = smooth;
  }
  return made;
}

const summaryOf = (step: number, value: number): Summary => ({
  first: step,
  last: step,
  leastStep: step,
  least: value,
  mostStep: step,
  most: value,
  sum: 0,
  count: 0,
  smooth: [],
});

/** Neighbours as one. */
export function joined(parts: Summary[]): Summary {
  const [least, most] = [
    parts.reduce((a, b) => (b.least < a.least ? b : a)),
    parts.reduce((a, b) => (b.most > a.most ? b : a)),
  ];
  return {
    first: parts[0]!.first,
    last: parts.at(-1)!.last,
    leastStep: least.leastStep,
    least: least.least,
    mostStep: most.mostStep,
    most: most.most,
    sum: parts.reduce((sum, part) => sum + part.sum, 0),
    count: parts.reduce((sum, part) => sum + part.count, 0),
    smooth: parts.at(-1)!.smooth,
  };
}

/** Values as float64, then steps as uint32. */
export function encodeColumn({ steps, values }: Column): Buffer {
  return Buffer.concat([bytesOf(Float64Array.from(values)), bytesOf(Uint32Array.from(steps))]);
}

export function decodeColumn(bytes: Uint8Array): Column {
  const count = bytes.length / 12;
  const whole = bytes.slice().buffer; // a copy, since a view has to begin at a multiple of its width
  return { values: new Float64Array(whole, 0, count), steps: new Uint32Array(whole, 8 * count, count) };
}

/** Numbers of a stored summary: those of `Summary`, in its order. */
export const summaryWidth = 8 + smoothingWeights.length;

export function encodeSummaries(list: Summary[]): Buffer {
  const numbers = list.flatMap(({ smooth, ...own }) => [...Object.values(own), ...smooth]);
  return bytesOf(Float64Array.from(numbers));
}

export const decodeSummaries = (bytes: Uint8Array): Float64Array => new Float64Array(bytes.slice().buffer);

const bytesOf = (array: Float64Array | Uint32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
