// The pyramid of a metric's history. Its points are stored once, in columns of a chunk of rows; above them stand buckets of 16 points, and
// above those an overview of 256. Whatever is shown, a chart reads the level that has at least as many summaries as it has pixels.

import { movingAverage, type Smoothing, smoothingWeights } from "./smoothing";

export const bucketSize = 16;
export const overviewSize = 256;

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

/** Values as float64, then steps as uint32. */
export function encodeColumn({ steps, values }: Column): Buffer {
  return Buffer.concat([bytesOf(Float64Array.from(values)), bytesOf(Uint32Array.from(steps))]);
}

export function decodeColumn(bytes: Uint8Array): Column {
  const count = bytes.length / 12;
  const whole = bytes.slice().buffer; // a copy, since a view has to begin at a multiple of its width
  return { values: new Float64Array(whole, 0, count), steps: new Uint32Array(whole, 8 * count, count) };
}

/** Where the numbers of a stored summary stand. */
export const at = {
  first: 0,
  last: 1,
  leastStep: 2,
  least: 3,
  mostStep: 4,
  most: 5,
  sum: 6,
  count: 7,
  smooth: 8,
} as const;
export const summaryWidth = at.smooth + smoothingWeights.length;

const numbersOf = ({ smooth, ...own }: Summary): number[] => [...Object.values(own), ...smooth];

export const encodeSummaries = (list: Summary[]): Buffer => bytesOf(Float64Array.from(list.flatMap(numbersOf)));

/** A summary of the overview knows its chunk, how many points came before it, and the value at its end. */
export const inEntry = { chunk: summaryWidth, before: summaryWidth + 1, latest: summaryWidth + 2 } as const;
export const entryWidth = summaryWidth + 3;

export function encodeOverview(column: Column, start: Smoothing, chunk: number): Buffer {
  let before = start.count;
  const entries = summaries(column, start, overviewSize).map((summary, i) => {
    const end = Math.min(column.values.length, (i + 1) * overviewSize);
    const numbers = [...numbersOf(summary), chunk, before, column.values[end - 1]!];
    before += summary.count;
    return numbers;
  });
  return bytesOf(Float64Array.from(entries.flat()));
}

/** Summaries or entries, one after another. */
export const decodeNumbers = (bytes: Uint8Array): Float64Array => new Float64Array(bytes.slice().buffer);

export const bytesOf = (array: Float64Array | Uint32Array) =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);
