// Where rows of a run's history go as they age: each thousand leaves `points` for a chunk of columns, in the transaction of its writer.
import { and, asc, desc, eq, gt, gte, like, lte, max, sql } from "drizzle-orm";
import type { MetricName, MetricRow } from "../../trainers/metrics";
import type { metricsDb } from "../db/client";
import { blocks, overviews, points } from "../db/metrics-schema";
import {
  at,
  bucketSize,
  bytesOf,
  type Column,
  decodeColumn,
  decodeNumbers,
  encodeColumn,
  encodeOverview,
  encodeSummaries,
  entriesOf,
  entryWidth,
  inEntry,
  summaries,
  summaryWidth,
  within,
} from "./blocks";
import { type Smoothing, unsmoothed } from "./smoothing";

export type Tx = Parameters<Parameters<ReturnType<typeof metricsDb>["transaction"]>[0]>[0];
type Db = Pick<Tx, "select" | "insert" | "update" | "delete">;

export const chunkRows = 1024;
/** Newest rows that stay as they are: pages ask for them by `seq`. */
export const keptRows = 64;

/** Moves the oldest rows of a run into a chunk, once there are `enough` beside the newest. */
export function compact(tx: Db, runId: string, enough = chunkRows): void {
  const ofRun = eq(points.runId, runId);
  const { count } = tx.select({ count: sql<number>`count(*)` }).from(points).where(ofRun).get()!;
  if (count < enough + keptRows) return;
  const oldest = Math.min(chunkRows, count - keptRows);
  const rows = tx.select().from(points).where(ofRun).orderBy(asc(points.step)).limit(oldest).all();
  appendChunk(
    tx,
    runId,
    rows.map(({ step, values }) => ({ step, ...values })),
  );
  tx.delete(points)
    .where(and(ofRun, lte(points.step, rows.at(-1)!.step)))
    .run();
}

/** Rows after all others of the run, in order. */
export function appendChunk(tx: Db, runId: string, rows: MetricRow[]): void {
  const chunk = chunksOf(tx, runId);
  for (const [metric, column] of columnsOf(rows)) putBlock(tx, { runId, metric, chunk }, column);
}

/** A whole history at once, as a trainer leaves it: all but the newest rows in chunks. */
export function putHistory(tx: Db, runId: string, rows: MetricRow[], at: number): void {
  const old = Math.max(0, rows.length - keptRows);
  for (let from = 0; from < old; from += chunkRows)
    appendChunk(tx, runId, rows.slice(from, Math.min(old, from + chunkRows)));
  for (const { step, ...values } of rows.slice(old))
    tx.insert(points).values({ runId, step, attempt: 1, at, values }).run();
}

/** How many chunks a run has. */
export const chunksOf = (db: Pick<Db, "select">, runId: string): number =>
  (db
    .select({ last: max(blocks.chunk) })
    .from(blocks)
    .where(eq(blocks.runId, runId))
    .get()!.last ?? -1) + 1;

function columnsOf(rows: MetricRow[]): Map<MetricName, Column> {
  const columns = new Map<MetricName, { steps: number[]; values: number[] }>();
  for (const { step, ...values } of rows)
    for (const [name, value] of Object.entries(values) as [MetricName, number | null][]) {
      if (value === null) continue; // JSON's word for what is not finite
      const column = columns.get(name) ?? { steps: [], values: [] };
      column.steps.push(step);
      column.values.push(value);
      columns.set(name, column);
    }
  return columns;
}

interface Place {
  runId: string;
  metric: MetricName;
  chunk: number;
}

/** Chunks that share a row of the overview. */
export const partChunks = 16;

function putBlock(tx: Db, { runId, metric, chunk }: Place, column: Column): void {
  const own = and(eq(overviews.runId, runId), eq(overviews.metric, metric));
  const last = tx.select().from(overviews).where(own).orderBy(desc(overviews.part)).limit(1).get();
  const start = endOf(last && decodeNumbers(last.entries));
  tx.insert(blocks)
    .values({ runId, metric, chunk, points: encodeColumn(column) })
    .run();
  const part = Math.floor(chunk / partChunks);
  const before = last?.part === part ? last : { entries: Buffer.alloc(0), buckets: Buffer.alloc(0) };
  const entries = Buffer.concat([before.entries, encodeOverview(column, start, chunk)]);
  const buckets = Buffer.concat([before.buckets, encodeSummaries(summaries(column, start, bucketSize))]);
  const now = { entries, buckets, ...extentOf(entriesOf(decodeNumbers(entries))) };
  tx.insert(overviews)
    .values({ runId, metric, part, ...now })
    .onConflictDoUpdate({ target: [overviews.runId, overviews.metric, overviews.part], set: now })
    .run();
}

/** What the entries of a part lie between. */
const extentOf = (entries: Float64Array[]) => ({
  first: entries[0]![at.first]!,
  last: entries.at(-1)![at.last]!,
  least: Math.min(...entries.map((entry) => entry[at.least]!)),
  most: Math.max(...entries.map((entry) => entry[at.most]!)),
});

/** Where the moving averages stand after the last of these entries. */
export function endOf(entries: Float64Array | undefined): Smoothing {
  if (!entries || entries.length === 0) return unsmoothed;
  const last = entries.subarray(-entryWidth);
  return {
    count: last[inEntry.before]! + last[at.count]!,
    smooth: Array.from(last.subarray(at.smooth, summaryWidth)),
  };
}

/** Drops what lies beyond `step`; a chunk across it goes back to rows. */
export function truncateHistory(tx: Db, { runId, attempt }: { runId: string; attempt: number }, step: number): void {
  const parts = tx.select().from(overviews).where(eq(overviews.runId, runId)).all();
  const beyond = parts.flatMap(({ entries }) =>
    entriesOf(decodeNumbers(entries)).filter((entry) => entry[at.last]! > step),
  );
  if (beyond.length > 0) {
    const chunk = Math.min(...beyond.map((entry) => entry[inEntry.chunk]!));
    for (const { step: at, ...values } of chunkOf(tx, runId, chunk))
      if (at <= step) tx.insert(points).values({ runId, attempt, step: at, at: 0, values }).run();
    tx.delete(blocks)
      .where(and(eq(blocks.runId, runId), gte(blocks.chunk, chunk)))
      .run();
    for (const { metric, part, ...whole } of parts) cutOverview(tx, { runId, metric, chunk }, part, whole);
  }
  tx.delete(points)
    .where(and(eq(points.runId, runId), gt(points.step, step)))
    .run();
}

/** Leaves what is of earlier chunks. */
function cutOverview(
  tx: Db,
  { runId, metric, chunk }: Place,
  part: number,
  whole: { entries: Buffer; buckets: Buffer },
): void {
  const left = entriesOf(decodeNumbers(whole.entries)).filter((entry) => entry[inEntry.chunk]! < chunk);
  const entries = Buffer.concat(left.map(bytesOf));
  if (entries.length === whole.entries.length) return;
  const own = and(eq(overviews.runId, runId), eq(overviews.metric, metric), eq(overviews.part, part));
  if (left.length === 0) {
    tx.delete(overviews).where(own).run();
    return;
  }
  const extent = extentOf(left);
  const buckets = bytesOf(within(decodeNumbers(whole.buckets), extent.first, extent.last));
  tx.update(overviews)
    .set({ entries, buckets, ...extent })
    .where(own)
    .run();
}

/** The rows that a chunk was made of, with the metrics that begin with `prefix`. */
export function chunkOf(db: Pick<Db, "select">, runId: string, chunk: number, prefix = ""): MetricRow[] {
  const rows = new Map<number, MetricRow>();
  const columns = db
    .select({ metric: blocks.metric, points: blocks.points })
    .from(blocks)
    .where(and(eq(blocks.runId, runId), eq(blocks.chunk, chunk), like(blocks.metric, `${prefix}%`)))
    .all();
  for (const { metric, points: bytes } of columns) {
    const { steps, values } = decodeColumn(bytes);
    for (let i = 0; i < steps.length; i++) {
      const row = rows.get(steps[i]!) ?? { step: steps[i]! };
      row[metric] = values[i]!;
      rows.set(row.step, row);
    }
  }
  return [...rows.values()].sort((a, b) => a.step - b.step);
}
