// Where rows of a run's history go as they age: each thousand leaves `points` for a chunk of columns, in the transaction of its writer.
import { and, asc, desc, eq, gt, gte, like, lte, max, or, sql } from "drizzle-orm";
import type { MetricName, MetricRow } from "../../spec/metrics/catalogue";
import type { metricsDb } from "../db/client";
import { blocks, points, summaries } from "../db/metrics-schema";
import {
  at,
  beforeChunk,
  bytesOf,
  type Column,
  chunkRows,
  chunksInRow,
  decodeColumn,
  decodeNumbers,
  encodeColumn,
  endOf,
  sizes,
  summarised,
  width,
} from "./blocks";

export type Tx = Parameters<Parameters<ReturnType<typeof metricsDb>["transaction"]>[0]>[0];
type Db = Pick<Tx, "select" | "insert" | "update" | "delete">;

/** Newest rows that stay as they are: pages ask for them by `seq`. */
const keptRows = 64;

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

/** A whole history as a trainer leaves it, all but the newest rows in chunks: what to write, each in a transaction of its own or all in one. */
export function* putHistory(runId: string, rows: MetricRow[], at: number): Generator<(tx: Db) => void> {
  const old = Math.max(0, rows.length - keptRows);
  for (let from = 0; from < old; from += chunkRows)
    yield (tx) => appendChunk(tx, runId, rows.slice(from, Math.min(old, from + chunkRows)));
  yield (tx) => {
    for (const { step, ...values } of rows.slice(old))
      tx.insert(points).values({ runId, step, attempt: 1, at, values }).run();
  };
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

function putBlock(tx: Db, place: Place, column: Column): void {
  tx.insert(blocks)
    .values({ ...place, points: encodeColumn(column) })
    .run();
  putSummaries(tx, place, column);
}

/** Those of a chunk that comes after all others of its metric. */
function putSummaries(tx: Db, { runId, metric, chunk }: Place, column: Column): void {
  const rows = sizes.map((size) => lastRow(tx, runId, metric, size));
  const start = endOf(decodeNumbers(rows.at(-1)?.bytes ?? Buffer.alloc(0)));
  for (const [i, size] of sizes.entries()) {
    const part = Math.floor(chunk / chunksInRow(size));
    const before = rows[i]?.part === part ? rows[i].bytes : Buffer.alloc(0);
    const bytes = Buffer.concat([before, bytesOf(summarised(column, start, chunk, size))]);
    const now = { latest: column.values[column.values.length - 1]!, bytes };
    tx.insert(summaries)
      .values({ runId, metric, size, part, ...now })
      .onConflictDoUpdate({ target: [summaries.runId, summaries.metric, summaries.size, summaries.part], set: now })
      .run();
  }
}

/** Summaries for the blocks of a database in which there are none: their form has changed since. */
export function summariseBlocks(db: Pick<Tx, "select" | "transaction">): void {
  const isEmpty = (table: typeof summaries | typeof blocks) => db.select().from(table).limit(1).get() === undefined;
  if (!isEmpty(summaries) || isEmpty(blocks)) return;
  db.transaction((tx) => {
    const { runId, metric, chunk } = blocks;
    for (const place of tx.select({ runId, metric, chunk }).from(blocks).orderBy(runId, metric, chunk).all()) {
      const own = and(eq(runId, place.runId), eq(metric, place.metric), eq(chunk, place.chunk));
      putSummaries(tx, place, decodeColumn(tx.select().from(blocks).where(own).get()!.points));
    }
  });
}

const lastRow = (tx: Db, runId: string, metric: MetricName, size: number) =>
  tx
    .select({ part: summaries.part, bytes: summaries.bytes })
    .from(summaries)
    .where(and(eq(summaries.runId, runId), eq(summaries.metric, metric), eq(summaries.size, size)))
    .orderBy(desc(summaries.part))
    .limit(1)
    .get();

/** Drops what lies beyond `step`; a chunk across it goes back to rows. */
export function truncateHistory(tx: Db, { runId, attempt }: { runId: string; attempt: number }, step: number): void {
  const chunk = firstBeyond(tx, runId, step);
  if (chunk !== null) {
    for (const { step: at, ...values } of chunkOf(tx, runId, chunk))
      if (at <= step) tx.insert(points).values({ runId, attempt, step: at, at: 0, values }).run();
    tx.delete(blocks)
      .where(and(eq(blocks.runId, runId), gte(blocks.chunk, chunk)))
      .run();
    for (const size of sizes) cutSummaries(tx, runId, chunk, size);
  }
  tx.delete(points)
    .where(and(eq(points.runId, runId), gt(points.step, step)))
    .run();
}

/** The first chunk that reaches beyond a step. */
function firstBeyond(tx: Db, runId: string, step: number): number | null {
  let chunk: number | null = null;
  const ofChunks = and(eq(summaries.runId, runId), eq(summaries.size, chunkRows));
  for (const { bytes } of tx.select({ bytes: summaries.bytes }).from(summaries).where(ofChunks).all()) {
    const list = decodeNumbers(bytes);
    for (let i = 0; i < list.length; i += width)
      if (list[i + at.last]! > step) chunk = Math.min(list[i + at.chunk]!, chunk ?? Number.POSITIVE_INFINITY);
  }
  return chunk;
}

/** Leaves what is of earlier chunks. */
function cutSummaries(tx: Db, runId: string, chunk: number, size: number): void {
  const part = Math.floor(chunk / chunksInRow(size));
  const own = and(eq(summaries.runId, runId), eq(summaries.size, size));
  const cut = tx
    .select()
    .from(summaries)
    .where(and(own, eq(summaries.part, part)))
    .all();
  tx.delete(summaries)
    .where(and(own, gte(summaries.part, part)))
    .run();
  for (const row of cut) {
    const bytes = bytesOf(beforeChunk(decodeNumbers(row.bytes), chunk));
    if (bytes.length > 0)
      tx.insert(summaries)
        .values({ ...row, latest: lastValue(tx, row), bytes })
        .run();
  }
}

/** Of the blocks that are left. */
function lastValue(tx: Db, { runId, metric }: Pick<Place, "runId" | "metric">): number {
  const ofMetric = and(eq(blocks.runId, runId), eq(blocks.metric, metric));
  const last = tx.select().from(blocks).where(ofMetric).orderBy(desc(blocks.chunk)).limit(1).get()!;
  const { values } = decodeColumn(last.points);
  return values[values.length - 1]!;
}

/** The rows that a chunk was made of, with the metrics that begin with one of the prefixes. */
export function chunkOf(db: Pick<Db, "select">, runId: string, chunk: number, prefixes = [""]): MetricRow[] {
  const rows = new Map<number, MetricRow>();
  const columns = db
    .select({ metric: blocks.metric, points: blocks.points })
    .from(blocks)
    .where(
      and(
        eq(blocks.runId, runId),
        eq(blocks.chunk, chunk),
        or(...prefixes.map((prefix) => like(blocks.metric, `${prefix}%`))),
      ),
    )
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
