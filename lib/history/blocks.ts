// The pyramid of a metric's history. Its points are stored once, in columns of a chunk of rows; above them stand buckets of 64 points, and
// above those an overview of 512. Whatever is shown, a chart reads the level that has at least as many summaries as it has pixels.

import { movingAverage, type Smoothing, smoothingWeights } from "./smoothing";

export const bucketSize = 64;
export const overviewSize = 512;

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
  const { buffer, byteOffset } = aligned(bytes);
  return {
    values: new Float64Array(buffer, byteOffset, count),
    steps: new Uint32Array(buffer, byteOffset + 8 * count, count),
  };
}

/** A view of numbers has to begin at a multiple of their width: SQLite's bytes do, a slice of others may have to be copied. */
const aligned = (bytes: Uint8Array) =>
  bytes.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);

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
export function decodeNumbers(bytes: Uint8Array): Float64Array {
  const { buffer, byteOffset, length } = aligned(bytes);
  return new Float64Array(buffer, byteOffset, length / Float64Array.BYTES_PER_ELEMENT);
}

/** The summaries that lie within two steps or across them. */
export function within(numbers: Float64Array, from: number, to: number): Float64Array {
  let [start, end] = [0, numbers.length];
  while (start < end && numbers[start + at.last]! < from) start += summaryWidth;
  while (end > start && numbers[end - summaryWidth + at.first]! > to) end -= summaryWidth;
  return numbers.subarray(start, end);
}

/** Of a decoded overview. */
export const entriesOf = (numbers: Float64Array): Float64Array[] =>
  Array.from({ length: numbers.length / entryWidth }, (_, i) => numbers.subarray(i * entryWidth, (i + 1) * entryWidth));

export const bytesOf = (array: Float64Array | Uint32Array) =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);
