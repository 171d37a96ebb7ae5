// Where rows of a run's history go as they age: each thousand leaves `points` for a chunk of columns, in the transaction of its writer.
import { and, asc, desc, eq, gt, like, lte, max, sql } from "drizzle-orm";
import type { MetricName, MetricRow } from "../../trainers/metrics";
import type { metricsDb } from "../db/client";
import { blockData, blocks, points } from "../db/metrics-schema";
import { bucketSize, type Column, decodeColumn, encodeColumn, encodeSummaries, joined, summaries } from "./blocks";
import { type Smoothing, unsmoothed } from "./smoothing";

export type Tx = Parameters<Parameters<ReturnType<typeof metricsDb>["transaction"]>[0]>[0];
type Db = Pick<Tx, "select" | "insert" | "delete">;

export const chunkRows = 1024;
/** Newest rows that stay as they are: pages ask for them by `seq`. */
const kept = 64;

/** Moves the oldest rows of a run into a chunk, once there are enough. */
export function compact(tx: Db, runId: string): void {
  const ofRun = eq(points.runId, runId);
  const { count } = tx.select({ count: sql<number>`count(*)` }).from(points).where(ofRun).get()!;
  if (count < chunkRows + kept) return;
  const rows = tx.select().from(points).where(ofRun).orderBy(asc(points.step)).limit(chunkRows).all();
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
  const { last } = tx
    .select({ last: max(blocks.chunk) })
    .from(blocks)
    .where(eq(blocks.runId, runId))
    .get()!;
  for (const [metric, column] of columnsOf(rows)) putBlock(tx, { runId, metric, chunk: (last ?? -1) + 1 }, column);
}

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

function putBlock(tx: Db, place: Place, column: Column): void {
  const start = endOf(tx, place);
  const buckets = summaries(column, start, bucketSize);
  const { smooth, ...whole } = joined(buckets);
  tx.insert(blocks)
    .values({
      ...place,
      ...whole,
      before: start.count,
      latest: column.values[column.values.length - 1]!,
      smooth: Buffer.from(Float64Array.from(smooth).buffer),
    })
    .run();
  tx.insert(blockData)
    .values({ ...place, buckets: encodeSummaries(buckets), points: encodeColumn(column) })
    .run();
}

/** Where the moving averages of a metric stand after its last chunk. */
function endOf(tx: Db, { runId, metric }: Place): Smoothing {
  const last = tx
    .select({ before: blocks.before, count: blocks.count, smooth: blocks.smooth })
    .from(blocks)
    .where(and(eq(blocks.runId, runId), eq(blocks.metric, metric)))
    .orderBy(desc(blocks.chunk))
    .limit(1)
    .get();
  return last ? { count: last.before + last.count, smooth: averagesOf(last.smooth) } : unsmoothed;
}

export const averagesOf = (bytes: Uint8Array): number[] => Array.from(new Float64Array(bytes.slice().buffer));

/** Drops what lies beyond `step`; a chunk across it goes back to rows. */
export function truncateHistory(tx: Db, { runId, attempt }: { runId: string; attempt: number }, step: number): void {
  const { chunk } = tx
    .select({ chunk: sql<number | null>`min(${blocks.chunk})` })
    .from(blocks)
    .where(and(eq(blocks.runId, runId), gt(blocks.last, step)))
    .get()!;
  if (chunk !== null) {
    for (const { step: at, ...values } of chunkOf(tx, runId, chunk))
      if (at <= step) tx.insert(points).values({ runId, attempt, step: at, at: 0, values }).run();
    for (const table of [blocks, blockData])
      tx.delete(table)
        .where(and(eq(table.runId, runId), sql`${table.chunk} >= ${chunk}`))
        .run();
  }
  tx.delete(points)
    .where(and(eq(points.runId, runId), gt(points.step, step)))
    .run();
}

/** The rows that a chunk was made of, with the metrics that begin with `prefix`. */
export function chunkOf(db: Pick<Db, "select">, runId: string, chunk: number, prefix = ""): MetricRow[] {
  const rows = new Map<number, MetricRow>();
  const columns = db
    .select({ metric: blockData.metric, points: blockData.points })
    .from(blocks)
    .innerJoin(
      blockData,
      and(eq(blockData.runId, blocks.runId), eq(blockData.metric, blocks.metric), eq(blockData.chunk, blocks.chunk)),
    )
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
