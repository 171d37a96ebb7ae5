// The statements behind every chart, built once a database: building one takes drizzle longer than SQLite takes to run it.
import { and, asc, between, eq, sql } from "drizzle-orm";
import { type Db, metricsDb } from "../db/client";
import { blocks, points, summaries } from "../db/metrics-schema";

const [runId, metric] = [sql.placeholder("runId"), sql.placeholder("metric")];
const [from, to] = [sql.placeholder("from"), sql.placeholder("to")];

function build(db: Db) {
  const value = sql<number>`json_extract(${points.values}, '$."' || ${metric} || '"')`;
  return {
    /** Summaries of a size in the parts `from` to `to`. */
    summaries: db
      .select({ bytes: summaries.bytes })
      .from(summaries)
      .where(
        and(
          eq(summaries.runId, runId),
          eq(summaries.metric, metric),
          eq(summaries.size, sql.placeholder("size")),
          between(summaries.part, from, to),
        ),
      )
      .orderBy(asc(summaries.part))
      .prepare(),
    /** Points of the chunks `from` to `to`. */
    columns: db
      .select({ bytes: blocks.points })
      .from(blocks)
      .where(and(eq(blocks.runId, runId), eq(blocks.metric, metric), between(blocks.chunk, from, to)))
      .orderBy(asc(blocks.chunk))
      .prepare(),
    /** Values in the rows that are in no chunk yet. */
    tail: db
      .select({ step: points.step, value })
      .from(points)
      .where(and(eq(points.runId, runId), sql`${value} is not null`))
      .orderBy(asc(points.step))
      .prepare(),
  };
}

const built = new WeakMap<Db, ReturnType<typeof build>>();

export function statements(): ReturnType<typeof build> {
  const db = metricsDb();
  const known = built.get(db) ?? build(db);
  built.set(db, known);
  return known;
}
