// A metric's history as a chart needs it: whole where it is short or zoomed into, in summaries from afar.
import type { MetricName } from "../../spec/metrics/catalogue";
import {
  at,
  type Column,
  chunkRows,
  chunksInRow,
  decodeColumn,
  decodeNumbers,
  endOf,
  joined,
  sizes,
  width,
} from "./blocks";
import { movingAverage, type Smoothing, smoothingWeights } from "./smoothing";
import { statements } from "./statements";

/** Steps, and how many columns of a picture they are to fill. */
export interface Span {
  from?: number | undefined;
  to?: number | undefined;
  columns: number;
  /** Of the past in the smoothed line, one of `smoothingWeights`; 0 for none. */
  smooth: number;
}

/** Entry i stands for the points up to `step[i]` since the entry before: for one, where it is in detail. */
export interface History {
  step: number[];
  mean: number[];
  /** The moving average of the whole history at `step`; empty without. */
  smooth: number[];
  /** What the entries' points lie between, and where; null where every entry is a point. */
  extremes: { argminStep: number[]; min: number[]; argmaxStep: number[]; max: number[] } | null;
}

/**
 * At least as many entries as columns where there are as many points, and the neighbours just outside, so that lines leave the picture
 * where they should.
 */
export function historyOf(runId: string, metric: MetricName, { columns, smooth, ...span }: Span): History {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = span;
  const weight = smoothingWeights.indexOf(smooth);
  const overview = summariesOf(runId, metric, chunkRows, 0, Number.MAX_SAFE_INTEGER);
  const [start, end] = spanOf(overview, from, to);
  const chunks = overview.subarray(start, end);
  const size = isLittle(chunks, columns) ? undefined : sizes.findLast((size) => summariesIn(chunks, size) >= columns);
  const history: History = { step: [], mean: [], smooth: [], extremes: size ? noExtremes() : null };
  if (size === undefined)
    addPoints(history, pointsOf(runId, metric, chunks), weight, endOf(overview.subarray(0, start)));
  else {
    const list = size === chunkRows ? chunks : summariesOf(runId, metric, size, ...chunksOf(chunks));
    addSummaries(history, list.subarray(...spanOf(list, from, to)), weight, columns);
  }
  const beyond = chunks.length > 0 && chunks.at(at.last - width)! > to;
  if (!beyond) addPoints(history, [tailOf(runId, metric)], weight, endOf(overview));
  return history;
}

const noExtremes = () => ({ argminStep: [], min: [], argmaxStep: [], max: [] });

/** Steps around the stretch in which a counter, which never falls, goes from one value to another. */
export function stepsAround(runId: string, counter: MetricName, { from, to }: Pick<Span, "from" | "to">) {
  const around: Pick<Span, "from" | "to"> = {};
  if (from === undefined && to === undefined) return around;
  const chunks = summariesOf(runId, counter, chunkRows, 0, Number.MAX_SAFE_INTEGER);
  for (let i = 0; i < chunks.length; i += width) {
    if (from !== undefined && chunks[i + at.min]! < from) around.from = chunks[i + at.first]!;
    if (to !== undefined && around.to === undefined && chunks[i + at.max]! > to) around.to = chunks[i + at.last]!;
  }
  return around;
}

/** Of the rows that hold two chunks and those between. */
function summariesOf(runId: string, metric: MetricName, size: number, first: number, last: number): Float64Array {
  const [from, to] = [first, last].map((chunk) => Math.floor(chunk / chunksInRow(size))) as [number, number];
  const rows = statements().summaries.all({ runId, metric, size, from, to });
  return joined(rows.map(({ bytes }) => decodeNumbers(bytes)));
}

/** Where the summaries begin and end that a span touches, with the nearest on either side. */
function spanOf(list: Float64Array, from: number, to: number): [number, number] {
  let [start, end] = [0, list.length];
  while (start + width < list.length && list[start + width + at.first]! < from) start += width;
  while (end - 2 * width >= start && list[end - 2 * width + at.last]! > to) end -= width;
  return [start, end];
}

/** Few enough points in few enough blocks to read them all: what is measured now and then is shown as it was for long. */
function isLittle(chunks: Float64Array, columns: number): boolean {
  let points = 0;
  for (let i = at.count; i < chunks.length; i += width) points += chunks[i]!;
  return chunks.length / width <= 64 && points <= sizes[0] * columns;
}

/** How many summaries of a size these chunks have, the outer two left out: of them little may be shown. */
function summariesIn(chunks: Float64Array, size: number): number {
  let count = 0;
  for (let i = width; i < chunks.length - width; i += width) count += Math.ceil(chunks[i + at.count]! / size);
  return count;
}

/** The first and the last. */
const chunksOf = (chunks: Float64Array): [number, number] => [chunks[at.chunk]!, chunks.at(at.chunk - width)!];

/** The points of these chunks, in their order. */
function pointsOf(runId: string, metric: MetricName, chunks: Float64Array): Column[] {
  if (chunks.length === 0) return [];
  const [from, to] = chunksOf(chunks);
  return statements()
    .columns.all({ runId, metric, from, to })
    .map(({ bytes }) => decodeColumn(bytes));
}

/** The rows that are in no chunk yet. */
function tailOf(runId: string, metric: MetricName): Column {
  const rows = statements().tail.all({ runId, metric });
  return { steps: rows.map(({ step }) => step), values: rows.map(({ value }) => value) };
}

function addPoints(
  { step, mean, smooth, extremes }: History,
  columns: Column[],
  weight: number,
  start: Smoothing,
): void {
  const average = weight < 0 ? null : movingAverage(smoothingWeights[weight]!, start.smooth[weight], start.count);
  for (const { steps, values } of columns)
    for (let i = 0; i < values.length; i++) {
      const [at, value] = [steps[i]!, values[i]!];
      step.push(at);
      mean.push(value);
      if (average) smooth.push(average(value));
      if (!extremes) continue;
      extremes.argminStep.push(at);
      extremes.min.push(value);
      extremes.argmaxStep.push(at);
      extremes.max.push(value);
    }
}

/** Neighbours as one while there are at least twice as many as columns. */
function addSummaries(history: History, list: Float64Array, weight: number, columns: number): void {
  const together = width * Math.max(1, Math.floor(list.length / width / (2 * columns)));
  for (let i = 0; i < list.length; i += together) addJoined(history, list.subarray(i, i + together), weight);
}

function addJoined({ step, mean, smooth, extremes }: History, list: Float64Array, weight: number): void {
  let [min, max, sum, count] = [0, 0, 0, 0];
  for (let i = 0; i < list.length; i += stride) {
    if (list[i + atMin]! < list[min + atMin]!) min = i;
    if (list[i + atMax]! > list[max + atMax]!) max = i;
    sum += list[i + atSum]!;
    count += list[i + atCount]!;
  }
  const last = list.length - stride;
  step.push(list[last + at.last]!);
  mean.push(sum / count);
  if (weight >= 0) smooth.push(list[last + at.smooth + weight]!);
  extremes?.argminStep.push(list[min + at.argminStep]!);
  extremes?.min.push(list[min + atMin]!);
  extremes?.argmaxStep.push(list[max + at.argmaxStep]!);
  extremes?.max.push(list[max + atMax]!);
}

// The bundler reads an import through a getter: in the loop over every summary, names of our own.
const { min: atMin, max: atMax, sum: atSum, count: atCount } = at;
const stride = width;
