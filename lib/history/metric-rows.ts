// A run's rows as they were logged, and the newest of its values.
import { and, asc, eq, max, sql } from "drizzle-orm";
import { type MetricName, type MetricRow, metrics } from "../../spec/metrics/catalogue";
import { metricsDb } from "../db/client";
import { blocks, points, summaries } from "../db/metrics-schema";
import { chunkRows } from "./blocks";
import { chunkOf, chunksOf, type Tx } from "./compact";

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

/** Of the rows that have `name` the metrics that begin with one of the prefixes. */
export function rowsWith(runId: string, name: MetricName, ...prefixes: string[]): MetricRow[] {
  const db = metricsDb();
  const chunks = db
    .select({ chunk: blocks.chunk })
    .from(blocks)
    .where(and(eq(blocks.runId, runId), eq(blocks.metric, name)))
    .orderBy(asc(blocks.chunk))
    .all();
  const old = chunks.flatMap(({ chunk }) => chunkOf(db, runId, chunk, prefixes));
  const tail = db
    .select({ step: points.step, values: points.values })
    .from(points)
    .where(and(eq(points.runId, runId), sql`json_extract(${points.values}, ${`$."${name}"`}) is not null`))
    .orderBy(asc(points.step))
    .all();
  return [...old.filter((row) => row[name] !== undefined), ...tail.map(({ step, values }) => ({ step, ...values }))];
}

/** The last step that a run has logged, which stands among its newest rows; 0 before there is one. */
export const latestStep = (runId: string): number =>
  metricsDb()
    .select({ step: max(points.step) })
    .from(points)
    .where(eq(points.runId, runId))
    .get()!.step ?? 0;

/** The newest value of each metric, however long ago it was measured. One statement, since live pages ask again and again. */
export function latestOf(runId: string): Partial<Record<MetricName, number>> {
  const db = metricsDb();
  const old = db.all<{ metric: MetricName; latest: number | null }>(
    sql`select name.value as metric, (
          select latest from ${summaries} where run_id = ${runId} and metric = name.value and size = ${chunkRows}
          order by part desc limit 1) as latest
        from json_each(${metricNames}) name`,
  );
  const latest: Partial<Record<MetricName, number>> = {};
  for (const { metric, latest: value } of old) if (value !== null) latest[metric] = value;
  for (const { step: _, ...values } of newestRows(db, runId))
    for (const [name, value] of Object.entries(values) as [MetricName, number | null][])
      if (value !== null && Object.hasOwn(metrics, name)) latest[name] = value;
  return latest;
}

const metricNames = JSON.stringify(Object.keys(metrics));
