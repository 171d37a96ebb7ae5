// A metric's history as a chart needs it: whole where it is short or zoomed into, in summaries from afar.
import { and, asc, desc, eq, gt, gte, lt, lte, max, sql } from "drizzle-orm";
import { type MetricName, type MetricRow, metrics } from "../../trainers/metrics";
import { metricsDb } from "../db/client";
import { blockData, blocks, points } from "../db/metrics-schema";
import { bucketSize, type Column, decodeColumn, decodeSummaries, summaryWidth } from "./blocks";
import { movingAverage, type Smoothing, smoothingWeights, unsmoothed } from "./smoothing";
import { averagesOf, chunkOf } from "./store";

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
 * where they should; at most 64 times as many.
 */
export function historyOf(runId: string, metric: MetricName, { from, to, columns, smooth }: Span): History {
  const own = and(eq(blocks.runId, runId), eq(blocks.metric, metric));
  const weight = smoothingWeights.indexOf(smooth);
  const { found, whole } = blocksIn(own, from, to, weight >= 0);
  const near = found.reduce((sum, { count }) => sum + count, 0) <= bucketSize * columns;
  const history: History = { step: [], mean: [], smooth: [], extremes: near ? null : noExtremes() };
  const detail = (of: "points" | "buckets") => dataOf(runId, metric, found, of);
  if (near) addPoints(history, detail("points").map(decodeColumn), weight, endBefore(own, found[0]?.chunk));
  else if (found.length < columns)
    for (const bytes of detail("buckets")) addSummaries(history, decodeSummaries(bytes), weight);
  else for (const block of found) addSummaries(history, numbersOf(block), weight);
  if (whole) addPoints(history, [tailOf(runId, metric)], weight, endBefore(own));
  return history;
}

const noExtremes = () => ({ leastStep: [], least: [], mostStep: [], most: [] });

type Where = ReturnType<typeof and>;
type Block = ReturnType<typeof blocksIn>["found"][number];

/** The blocks that a span touches and the nearest on either side; `whole` where the last of them is the last there is. */
function blocksIn(own: Where, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, averages: boolean) {
  const nearest = (where: Where, order: typeof asc) =>
    metricsDb().select({ chunk: blocks.chunk }).from(blocks).where(where).orderBy(order(blocks.chunk)).limit(1).get();
  const first = nearest(and(own, lt(blocks.first, from)), desc)?.chunk ?? 0;
  const last = nearest(and(own, gt(blocks.last, to), gte(blocks.chunk, first)), asc)?.chunk;
  const { count, leastStep, least, mostStep, most, sum, smooth } = blocks;
  const summary = { first: blocks.first, last: blocks.last, leastStep, least, mostStep, most, sum, count };
  const rows = metricsDb()
    .select({ chunk: blocks.chunk, ...summary, ...(averages && { smooth }) })
    .from(blocks)
    .where(and(own, gte(blocks.chunk, first), last === undefined ? undefined : lte(blocks.chunk, last)))
    .orderBy(asc(blocks.chunk))
    .values() as [number, ...Numbers, Buffer?][]; // there may be thousands: without an object each
  const found = rows.map((row) => ({ chunk: row[0], count: row[8], row }));
  return { found, whole: last === undefined };
}

function dataOf(runId: string, metric: MetricName, found: Block[], of: "points" | "buckets"): Buffer[] {
  const [first, last] = [found[0]?.chunk ?? 0, found.at(-1)?.chunk ?? -1];
  return metricsDb()
    .select({ bytes: blockData[of] })
    .from(blockData)
    .where(
      and(
        eq(blockData.runId, runId),
        eq(blockData.metric, metric),
        gte(blockData.chunk, first),
        lte(blockData.chunk, last),
      ),
    )
    .orderBy(asc(blockData.chunk))
    .all()
    .map(({ bytes }) => bytes);
}

/** Where the moving averages stand before a chunk, or after the last. */
function endBefore(own: Where, chunk?: number): Smoothing {
  const block = metricsDb()
    .select({ before: blocks.before, count: blocks.count, smooth: blocks.smooth })
    .from(blocks)
    .where(and(own, chunk === undefined ? undefined : lt(blocks.chunk, chunk)))
    .orderBy(desc(blocks.chunk))
    .limit(1)
    .get();
  return block ? { count: block.before + block.count, smooth: averagesOf(block.smooth) } : unsmoothed;
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

/** The numbers of a summary without its averages. */
type Numbers = [number, number, number, number, number, number, number, number];

/** A block's numbers as a bucket's are stored. */
const numbersOf = ({ row }: Block): number[] => {
  const numbers = row.slice(1, 9) as number[];
  return row[9] ? [...numbers, ...averagesOf(row[9])] : numbers;
};

/** Summaries in a row, their numbers in the order in which they are stored. */
function addSummaries({ step, mean, smooth, extremes }: History, numbers: ArrayLike<number>, weight: number): void {
  for (let at = 0; at < numbers.length; at += summaryWidth) {
    step.push(numbers[at + 1]!);
    mean.push(numbers[at + 6]! / numbers[at + 7]!);
    if (weight >= 0) smooth.push(numbers[at + 8 + weight]!);
    extremes?.leastStep.push(numbers[at + 2]!);
    extremes?.least.push(numbers[at + 3]!);
    extremes?.mostStep.push(numbers[at + 4]!);
    extremes?.most.push(numbers[at + 5]!);
  }
}

/** Every row of a run in order, some thousand at a time. */
export function* rowsOf(runId: string): Generator<MetricRow> {
  const { last } = metricsDb()
    .select({ last: max(blocks.chunk) })
    .from(blocks)
    .where(eq(blocks.runId, runId))
    .get()!;
  for (let chunk = 0; chunk <= (last ?? -1); chunk++) yield* chunkOf(metricsDb(), runId, chunk);
  const tail = metricsDb().select().from(points).where(eq(points.runId, runId)).orderBy(asc(points.step)).all();
  for (const { step, values } of tail) yield { step, ...values };
}

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

/** The newest value of each metric, however long ago it was measured. */
export function latestOf(runId: string): Partial<Record<MetricName, number>> {
  const db = metricsDb();
  const latest: Partial<Record<MetricName, number>> = {};
  for (const name of Object.keys(metrics) as MetricName[]) {
    const block = db
      .select({ value: blocks.latest })
      .from(blocks)
      .where(and(eq(blocks.runId, runId), eq(blocks.metric, name)))
      .orderBy(desc(blocks.chunk))
      .limit(1)
      .get();
    if (block) latest[name] = block.value;
  }
  const tail = db
    .select({ values: points.values })
    .from(points)
    .where(eq(points.runId, runId))
    .orderBy(asc(points.step));
  for (const { values } of tail.all())
    for (const [name, value] of Object.entries(values) as [MetricName, number | null][])
      if (value !== null && name in metrics) latest[name] = value;
  return latest;
}
