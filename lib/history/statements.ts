// The statements behind every chart, built once a database: building one takes drizzle longer than SQLite takes to run it.
import { and, asc, desc, eq, gt, gte, lt, lte, type SQL, sql } from "drizzle-orm";
import { type MetricsDb, metricsDb } from "../db/client";
import { blocks, overviews, points } from "../db/metrics-schema";

const { placeholder } = sql;
const { part, entries, buckets, first, last, least, most } = overviews;
const runId = placeholder("runId");
const metric = placeholder("metric");

function build(db: MetricsDb) {
  const own = and(eq(overviews.runId, runId), eq(overviews.metric, metric));
  /** The nearest part of which `which` is true: the index alone answers it. */
  const nearest = (which: SQL, order: SQL) =>
    db.select({ part }).from(overviews).where(and(own, which)).orderBy(order).limit(1);
  const before = nearest(lt(first, placeholder("from")), desc(part)).offset(1);
  const beyond = nearest(gt(last, placeholder("to")), asc(part));
  const below = nearest(lt(least, placeholder("value")), desc(part));
  const above = nearest(gt(most, placeholder("value")), asc(part));
  const path = sql`'$."' || ${metric} || '"'`;
  const value = sql<number>`json_extract(${points.values}, ${path})`;
  return {
    /** Entries from the part before the one in which step `from` lies to the one in which `to` does. */
    entries: db
      .select({ bytes: entries })
      .from(overviews)
      .where(and(own, gte(part, sql`coalesce(${before}, 0)`), lte(part, sql`coalesce(${beyond}, 1e9)`)))
      .orderBy(asc(part))
      .prepare(),
    /** Entries of the last part that begins below a value, and of the first that ends above it. */
    below: db
      .select({ bytes: entries })
      .from(overviews)
      .where(and(own, eq(part, below)))
      .prepare(),
    above: db
      .select({ bytes: entries })
      .from(overviews)
      .where(and(own, eq(part, above)))
      .prepare(),
    buckets: db
      .select({ bytes: buckets })
      .from(overviews)
      .where(and(own, gte(part, placeholder("from")), lte(part, placeholder("to"))))
      .orderBy(asc(part))
      .prepare(),
    /** Columns of the chunks `from` to `to`. */
    columns: db
      .select({ bytes: blocks.points })
      .from(blocks)
      .where(
        and(
          eq(blocks.runId, runId),
          eq(blocks.metric, metric),
          gte(blocks.chunk, placeholder("from")),
          lte(blocks.chunk, placeholder("to")),
        ),
      )
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

const built = new WeakMap<MetricsDb, ReturnType<typeof build>>();

export function statements(): ReturnType<typeof build> {
  const db = metricsDb();
  const known = built.get(db) ?? build(db);
  built.set(db, known);
  return known;
}
