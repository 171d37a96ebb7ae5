// A metric's history as a chart needs it: whole where it is short or zoomed into, in summaries from afar.
import { and, asc, eq, sql } from "drizzle-orm";
import { type MetricName, type MetricRow, metrics } from "../../trainers/metrics";
import { metricsDb } from "../db/client";
import { blocks, overviews, points } from "../db/metrics-schema";
import {
  at,
  bucketSize,
  type Column,
  decodeColumn,
  decodeNumbers,
  entryWidth,
  inEntry,
  summaryWidth,
  within,
} from "./blocks";
import { beforeChunkAt, chunkSpan, overviewOf, pointsIn, spanOf } from "./overview";
import { movingAverage, type Smoothing, smoothingWeights } from "./smoothing";
import { statements } from "./statements";
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
export function historyOf(runId: string, metric: MetricName, { columns, smooth, ...span }: Span): History {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = span;
  const weight = smoothingWeights.indexOf(smooth);
  const overview = overviewOf(runId, metric, from, to);
  const [start, end] = spanOf(overview, from, to);
  const entries = overview.subarray(start, end);
  const near = pointsIn(entries) <= bucketSize * columns;
  const history: History = { step: [], mean: [], smooth: [], extremes: near ? null : noExtremes() };
  if (near) addPoints(history, pointsOf(runId, metric, entries), weight, endOf(beforeChunkAt(overview, start)));
  else if (entries.length / entryWidth >= columns) addSummaries(history, [entries], entryWidth, weight, columns);
  else addSummaries(history, bucketsOf(runId, metric, entries), summaryWidth, weight, columns);
  const beyond = entries.length > 0 && entries.at(at.last - entryWidth)! > to;
  if (!beyond) addPoints(history, [tailOf(runId, metric)], weight, endOf(overview));
  return history;
}

const noExtremes = () => ({ leastStep: [], least: [], mostStep: [], most: [] });

/** The points of these entries' chunks, in their order. */
function pointsOf(runId: string, metric: MetricName, entries: Float64Array): Column[] {
  const [from, to] = chunkSpan(entries);
  return statements()
    .columns.all({ runId, metric, from, to })
    .map(({ bytes }) => decodeColumn(bytes));
}

/** The buckets of these entries, and of the others of their rows' edges, which lie outside of what is shown. */
function bucketsOf(runId: string, metric: MetricName, entries: Float64Array): Float64Array[] {
  const [from, to] = chunkSpan(entries).map((chunk) => Math.floor(chunk / partChunks)) as [number, number];
  const [first, last] = [entries[at.first]!, entries[entries.length - entryWidth + at.last]!];
  return statements()
    .buckets.all({ runId, metric, from, to })
    .map(({ bytes }) => within(decodeNumbers(bytes), first, last));
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
    if (numbers[i + atLeast]! < numbers[least + atLeast]!) least = i;
    if (numbers[i + atMost]! > numbers[most + atMost]!) most = i;
    sum += numbers[i + atSum]!;
    count += numbers[i + atCount]!;
  }
  const last = numbers.length - stride;
  step.push(numbers[last + at.last]!);
  mean.push(sum / count);
  if (weight >= 0) smooth.push(numbers[last + at.smooth + weight]!);
  extremes?.leastStep.push(numbers[least + at.leastStep]!);
  extremes?.least.push(numbers[least + atLeast]!);
  extremes?.mostStep.push(numbers[most + at.mostStep]!);
  extremes?.most.push(numbers[most + atMost]!);
}

// The bundler reads an import through a getter: in the loop over every summary, names of our own.
const { least: atLeast, most: atMost, sum: atSum, count: atCount } = at;

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
