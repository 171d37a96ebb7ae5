// A metric's history as a chart needs it: whole where it is short or zoomed into, in summaries from afar.
import { and, asc, eq, gte, lte, sql } from "drizzle-orm";
import { type MetricName, type MetricRow, metrics } from "../../trainers/metrics";
import { metricsDb } from "../db/client";
import { blocks, overviews, points } from "../db/metrics-schema";
import { at, bucketSize, type Column, decodeColumn, decodeNumbers, entryWidth, inEntry, summaryWidth } from "./blocks";
import { movingAverage, type Smoothing, smoothingWeights } from "./smoothing";
import { chunkOf, chunksOf, endOf, partChunks, type Tx } from "./store";

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
  extremes: { leastStep: number[]; least: number[]; mostStep: number[]; most: number[] } | null;
}

/**
 * At least as many entries as columns where there are as many points, and the neighbours just outside, so that lines leave the picture
 * where they should.
 */
export function historyOf(runId: string, metric: MetricName, { from, to, columns, smooth }: Span): History {
  const weight = smoothingWeights.indexOf(smooth);
  const overview = overviewOf(runId, metric);
  const [start, end] = spanOf(overview, from, to);
  const entries = overview.subarray(start, end);
  const near = pointsIn(entries) <= bucketSize * columns;
  const history: History = { step: [], mean: [], smooth: [], extremes: near ? null : noExtremes() };
  if (near) addPoints(history, pointsOf(runId, metric, entries), weight, endOf(beforeChunkAt(overview, start)));
  else if (entries.length / entryWidth >= columns) addSummaries(history, [entries], entryWidth, weight, columns);
  else addSummaries(history, bucketsOf(runId, metric, entries), summaryWidth, weight, columns);
  if (end === overview.length) addPoints(history, [tailOf(runId, metric)], weight, endOf(overview));
  return history;
}

const noExtremes = () => ({ leastStep: [], least: [], mostStep: [], most: [] });

/** All entries of a metric, one after another. */
function overviewOf(runId: string, metric: MetricName): Float64Array {
  const parts = metricsDb()
    .select({ entries: overviews.entries })
    .from(overviews)
    .where(and(eq(overviews.runId, runId), eq(overviews.metric, metric)))
    .orderBy(asc(overviews.part))
    .all();
  const bytes = new Uint8Array(parts.reduce((sum, { entries }) => sum + entries.length, 0));
  let at = 0;
  for (const { entries } of parts) {
    bytes.set(entries, at);
    at += entries.length;
  }
  return new Float64Array(bytes.buffer);
}

/** Where the entries begin and end that a span touches, with the nearest on either side. */
function spanOf(overview: Float64Array, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY) {
  let [start, end] = [0, overview.length];
  while (start + entryWidth < overview.length && overview[start + entryWidth + at.first]! < from) start += entryWidth;
  while (end - 2 * entryWidth >= start && overview[end - 2 * entryWidth + at.last]! > to) end -= entryWidth;
  return [start, end] as const;
}

/** Steps around the stretch in which a counter, which never falls, goes from one value to another. */
export function stepsAround(runId: string, counter: MetricName, from: number | undefined, to: number | undefined) {
  const around: { from: number | undefined; to: number | undefined } = { from: undefined, to: undefined };
  if (from === undefined && to === undefined) return around;
  const overview = overviewOf(runId, counter);
  for (let i = 0; i < overview.length; i += entryWidth) {
    if (from !== undefined && overview[i + at.least]! <= from) around.from = overview[i + at.first]!;
    if (to !== undefined && around.to === undefined && overview[i + at.most]! >= to) around.to = overview[i + at.last]!;
  }
  return around;
}

function pointsIn(entries: Float64Array): number {
  let count = 0;
  for (let i = at.count; i < entries.length; i += entryWidth) count += entries[i]!;
  return count;
}

/** The entries before the chunk that the one at `start` belongs to. */
function beforeChunkAt(overview: Float64Array, start: number): Float64Array {
  let end = start;
  while (end > 0 && overview[end - entryWidth + inEntry.chunk] === overview[start + inEntry.chunk]) end -= entryWidth;
  return overview.subarray(0, end);
}

/** The chunks of the first and the last of these entries. */
const chunkSpan = (entries: Float64Array): [number, number] =>
  entries.length === 0 ? [0, -1] : [entries[inEntry.chunk]!, entries[entries.length - entryWidth + inEntry.chunk]!];

/** The points of these entries' chunks, in their order. */
function pointsOf(runId: string, metric: MetricName, entries: Float64Array): Column[] {
  const [first, last] = chunkSpan(entries);
  return metricsDb()
    .select({ bytes: blocks.points })
    .from(blocks)
    .where(and(eq(blocks.runId, runId), eq(blocks.metric, metric), gte(blocks.chunk, first), lte(blocks.chunk, last)))
    .orderBy(asc(blocks.chunk))
    .all()
    .map(({ bytes }) => decodeColumn(bytes));
}

/** The buckets of these entries, and of the others of their rows' edges, which lie outside of what is shown. */
function bucketsOf(runId: string, metric: MetricName, entries: Float64Array): Float64Array[] {
  const [first, last] = chunkSpan(entries).map((chunk) => Math.floor(chunk / partChunks)) as [number, number];
  const [from, to] = [entries[at.first]!, entries[entries.length - entryWidth + at.last]!];
  const { runId: run, metric: name, part, buckets } = overviews;
  return metricsDb()
    .select({ bytes: buckets })
    .from(overviews)
    .where(and(eq(run, runId), eq(name, metric), gte(part, first), lte(part, last)))
    .orderBy(asc(part))
    .all()
    .map(({ bytes }) => within(decodeNumbers(bytes), from, to));
}

/** The summaries that lie within two steps. */
function within(numbers: Float64Array, from: number, to: number): Float64Array {
  let [start, end] = [0, numbers.length];
  while (start < end && numbers[start + at.last]! < from) start += summaryWidth;
  while (end > start && numbers[end - summaryWidth + at.first]! > to) end -= summaryWidth;
  return numbers.subarray(start, end);
}

/** The rows that are in no chunk yet. */
function tailOf(runId: string, metric: MetricName): Column {
  const rows = metricsDb().all<{ step: number; value: number }>(
    sql`select step, value from (select step, json_extract("values", ${`$."${metric}"`}) as value
        from ${points} where run_id = ${runId}) where value is not null order by step`,
  );
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
      extremes.leastStep.push(at);
      extremes.least.push(value);
      extremes.mostStep.push(at);
      extremes.most.push(value);
    }
}

/** Stored summaries, one each `stride` numbers; neighbours as one while there are at least twice as many as columns. */
function addSummaries(history: History, parts: Float64Array[], stride: number, weight: number, columns: number): void {
  const total = parts.reduce((sum, numbers) => sum + numbers.length / stride, 0);
  const together = stride * Math.max(1, Math.floor(total / (2 * columns)));
  for (const numbers of parts)
    for (let i = 0; i < numbers.length; i += together)
      addJoined(history, numbers.subarray(i, i + together), stride, weight);
}

function addJoined(
  { step, mean, smooth, extremes }: History,
  numbers: Float64Array,
  stride: number,
  weight: number,
): void {
  let [least, most, sum, count] = [0, 0, 0, 0];
  for (let i = 0; i < numbers.length; i += stride) {
    if (numbers[i + at.least]! < numbers[least + at.least]!) least = i;
    if (numbers[i + at.most]! > numbers[most + at.most]!) most = i;
    sum += numbers[i + at.sum]!;
    count += numbers[i + at.count]!;
  }
  const last = numbers.length - stride;
  step.push(numbers[last + at.last]!);
  mean.push(sum / count);
  if (weight >= 0) smooth.push(numbers[last + at.smooth + weight]!);
  extremes?.leastStep.push(numbers[least + at.leastStep]!);
  extremes?.least.push(numbers[least + at.least]!);
  extremes?.mostStep.push(numbers[most + at.mostStep]!);
  extremes?.most.push(numbers[most + at.most]!);
}

/** Every row of a run in order, a chunk at a time. A trainer may go on meanwhile: what it moves into chunks is met there. */
export function* rowsOf(runId: string): Generator<MetricRow> {
  for (let chunk = 0; ; chunk++) {
    const { rows, last } = metricsDb().transaction((tx) =>
      chunk < chunksOf(tx, runId)
        ? { rows: chunkOf(tx, runId, chunk), last: false }
        : { rows: newestRows(tx, runId), last: true },
    );
    yield* rows;
    if (last) return;
  }
}

const newestRows = (db: Pick<Tx, "select">, runId: string): MetricRow[] =>
  db
    .select()
    .from(points)
    .where(eq(points.runId, runId))
    .orderBy(asc(points.step))
    .all()
    .map(({ step, values }) => ({ step, ...values }));

/** Of the rows that have `name` the metrics that begin with `prefix`. */
export function rowsWith(runId: string, name: MetricName, prefix: string): MetricRow[] {
  const db = metricsDb();
  const chunks = db
    .select({ chunk: blocks.chunk })
    .from(blocks)
    .where(and(eq(blocks.runId, runId), eq(blocks.metric, name)))
    .orderBy(asc(blocks.chunk))
    .all();
  const old = chunks.flatMap(({ chunk }) => chunkOf(db, runId, chunk, prefix));
  const tail = db
    .select({ step: points.step, values: points.values })
    .from(points)
    .where(and(eq(points.runId, runId), sql`json_extract(${points.values}, ${`$."${name}"`}) is not null`))
    .orderBy(asc(points.step))
    .all();
  return [...old.filter((row) => row[name] !== undefined), ...tail.map(({ step, values }) => ({ step, ...values }))];
}

/** The newest value of each metric, however long ago it was measured. One statement, since live pages ask again and again. */
export function latestOf(runId: string): Partial<Record<MetricName, number>> {
  const db = metricsDb();
  const old = db.all<{ metric: MetricName; entry: Buffer }>(
    sql`select metric, entry from (
          select name.value as metric, (
            select substr(entries, ${-entryBytes}) from ${overviews} where run_id = ${runId} and metric = name.value
            order by part desc limit 1) as entry
          from json_each(${metricNames}) name)
        where entry is not null`,
  );
  const latest: Partial<Record<MetricName, number>> = {};
  for (const { metric, entry } of old) latest[metric] = decodeNumbers(entry)[inEntry.latest]!;
  for (const { step: _, ...values } of newestRows(db, runId))
    for (const [name, value] of Object.entries(values) as [MetricName, number | null][])
      if (value !== null && name in metrics) latest[name] = value;
  return latest;
}

const entryBytes = entryWidth * Float64Array.BYTES_PER_ELEMENT;
const metricNames = JSON.stringify(Object.keys(metrics));
