// The pyramid of a metric's history. Its points are stored once, in columns of a chunk of rows; above them stand summaries of 16 and of 128
// points, and one of each chunk. Whatever is shown, a chart reads the level that has at least as many summaries as it has columns.

import { movingAverage, type Smoothing, smoothingWeights } from "./smoothing";

/** Rows of a chunk; a stopped run may leave a shorter one. */
export const chunkRows = 1024;
/** Points that a summary stands for, finest first. Summaries end where their chunk ends. */
export const sizes = [16, 128, chunkRows] as const;
/** Chunks whose summaries share a row: 512 of them, whatever their size. */
export const chunksInRow = (size: number): number => (512 * size) / chunkRows;

/** Values of one metric at the steps that have it, in order. */
export interface Column {
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
}

/** Where a summary's numbers stand: of neighbouring points the first and last step, the extremes with their steps, … */
export const at = {
  first: 0,
  last: 1,
  argminStep: 2,
  min: 3,
  argmaxStep: 4,
  max: 5,
  sum: 6,
  count: 7,
  /** … their chunk, how many points of the metric came before them, and the moving averages at their end. */
  chunk: 8,
  before: 9,
  smooth: 10,
} as const;
export const width = at.smooth + smoothingWeights.length;

/** A summary of each `size` points of a chunk, one after another; the averages go on from `start`. */
export function summarised({ steps, values }: Column, start: Smoothing, chunk: number, size: number): Float64Array {
  const averages = smoothingWeights.map((weight, w) => movingAverage(weight, start.smooth[w], start.count));
  const made = new Float64Array(Math.ceil(values.length / size) * width);
  for (let i = 0; i < values.length; i++) {
    const [step, value] = [steps[i]!, values[i]!];
    const open = made.subarray(Math.floor(i / size) * width);
    if (i % size === 0) open.set([step, step, step, value, step, value, 0, 0, chunk, start.count + i]);
    if (value < open[at.min]!) open.set([step, value], at.argminStep);
    if (value > open[at.max]!) open.set([step, value], at.argmaxStep);
    open[at.last] = step;
    open[at.sum]! += value;
    open[at.count]!++;
    for (const [w, next] of averages.entries()) open[at.smooth + w] = next(value);
  }
  return made;
}

/** Where the moving averages stand after the last of these summaries. */
export function endOf(list: Float64Array): Smoothing {
  if (list.length === 0) return { count: 0, smooth: smoothingWeights.map(() => 0) };
  const last = list.subarray(-width);
  return { count: last[at.before]! + last[at.count]!, smooth: Array.from(last.subarray(at.smooth)) };
}

/** Those of chunks before `chunk`. */
export function beforeChunk(list: Float64Array, chunk: number): Float64Array {
  let end = list.length;
  while (end > 0 && list[end - width + at.chunk]! >= chunk) end -= width;
  return list.subarray(0, end);
}

export function joined(lists: Float64Array[]): Float64Array {
  if (lists.length === 1) return lists[0]!;
  const whole = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const list of lists) {
    whole.set(list, end);
    end += list.length;
  }
  return whole;
}

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

export function decodeNumbers(bytes: Uint8Array): Float64Array {
  const { buffer, byteOffset, length } = aligned(bytes);
  return new Float64Array(buffer, byteOffset, length / Float64Array.BYTES_PER_ELEMENT);
}

/** A view of numbers has to begin at a multiple of their width: SQLite's bytes do, a slice of others may have to be copied. */
const aligned = (bytes: Uint8Array) =>
  bytes.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);

export const bytesOf = (array: Float64Array | Uint32Array) =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);
