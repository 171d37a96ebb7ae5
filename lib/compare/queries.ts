import "server-only";
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { type MetricName, metrics } from "../../trainers/metrics";
import { appDb, metricsDb } from "../db/client";
import { points } from "../db/metrics-schema";
import { type Run, runs } from "../db/schema";
import { AppError } from "../errors";
import { type Curve, drawn } from "./lines";
import type { ComparedRun, DrawnLine, LinesInput, Place } from "./schema";

/** Runs by id, in that order. */
export function comparedRuns(ids: string[]): ComparedRun[] {
  const oldestFirst = appDb().select({ id: runs.id }).from(runs).orderBy(asc(runs.createdAt)).all();
  const found = appDb().select().from(runs).where(inArray(runs.id, ids)).all();
  return ids.map((id) => {
    const run = found.find((one) => one.id === id);
    if (!run) throw new AppError(404, `There is no run ${id}.`);
    return compared(
      run,
      oldestFirst.findIndex((one) => one.id === id),
    );
  });
}

function compared({ id, name, method, config, status }: Run, number: number): ComparedRun {
  const places = placesOf(id);
  const { output: _, ...described } = config;
  return {
    id,
    name,
    method,
    model: config.model.source,
    status,
    number,
    config: flat(described),
    latest: latestOf(id),
    places,
  };
}

/** Nested values by dotted path, as words. */
function flat(value: unknown, path = ""): Record<string, string> {
  if (typeof value !== "object" || value === null) return { [path]: typeof value === "string" ? value : String(value) };
  if (Array.isArray(value)) return { [path]: JSON.stringify(value) };
  const parts = Object.entries(value).map(([key, inner]) => flat(inner, path ? `${path}.${key}` : key));
  return Object.assign({}, ...parts) as Record<string, string>;
}

/** Steps whose answers to the fixed prompts were measured. */
function placesOf(runId: string): Place[] {
  return metricsDb()
    .select({ step: points.step, values: points.values })
    .from(points)
    .where(and(eq(points.runId, runId), sql`json_extract(${points.values}, '$."on_policy/kl"') is not null`))
    .orderBy(asc(points.step))
    .all();
}

const names = Object.keys(metrics) as MetricName[];

/** The newest value of each metric, however long ago it was measured. */
function latestOf(runId: string): ComparedRun["latest"] {
  const latest: ComparedRun["latest"] = {};
  const rows = metricsDb().all<{ name: string; value: number }>(
    sql`select key as name, value from (select step, key, value, max(step) over (partition by key) as last
        from ${points}, json_each(${points.values}) where run_id = ${runId}) where step = last`,
  );
  for (const { name, value } of rows) if (names.includes(name as MetricName)) latest[name as MetricName] = value;
  return latest;
}

/** A line for each group; null where none of its runs has measured this. */
export function linesOf({ metric, axis, groups, ...window }: LinesInput): (DrawnLine | null)[] {
  return groups.map((ids) =>
    drawn(
      ids.map((id) => curveOf(id, metric, axis)),
      window,
    ),
  );
}

const axisColumn = {
  step: sql<number>`step`,
  tokens: sql<number>`sum(coalesce(json_extract("values", '$.tokens'), 0)) over (order by step)`,
  time: sql<number>`sum(coalesce(json_extract("values", '$.seconds'), 0)) over (order by step)`,
};

function curveOf(runId: string, metric: MetricName, axis: LinesInput["axis"]): Curve {
  const value = (name: string) => sql`json_extract("values", ${`$."${name}"`})`;
  const rows = metricsDb().all<{ x: number; y: number; error: number | null }>(
    sql`select x, y, error from (select ${axisColumn[axis]} as x, step, ${value(metric)} as y, ${value(`${metric}_se`)} as error
        from ${points} where run_id = ${runId}) where y is not null order by step`,
  );
  return { x: rows.map(({ x }) => x), y: rows.map(({ y }) => y), error: rows.map(({ error }) => error) };
}
