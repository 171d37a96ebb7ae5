// Runs as lists show them: as many statements for five hundred runs as for one.
import "server-only";
import { and, asc, desc, eq, getTableColumns, gt, inArray, or, sql } from "drizzle-orm";
import { groupBy } from "../../common/group-by";
import { changedInputs } from "../../spec/events";
import { seenRuns, withoutHiddenNames } from "../access/hidden-runs";
import { appDb, metricsDb } from "../db/client";
import { alerts, points } from "../db/metrics-schema";
import { type Run, runs } from "../db/tables/runs";
import { annotatorNames } from "../people/annotator-names";
import { machineOf, queuedRuns, turnOf } from "./queue-order";
import type { RunName, RunSummary } from "./run-schema";

const { config, ...columns } = getTableColumns(runs);
/** A run without its config, which is long. */
type Row = Omit<Run, "config"> & { model: string; machine: string | null };

const rowsOf = () =>
  appDb()
    .select({
      ...columns,
      model: sql<string>`json_extract(${config}, '$.model.source')`,
      machine: machineOf,
    })
    .from(runs)
    .$dynamic();

/** Newest first; no more than `most`, where that is said. */
export function listRuns(most?: number): RunSummary[] {
  const query = rowsOf().orderBy(desc(runs.createdAt));
  return summariesOf(seenRuns((most === undefined ? query : query.limit(most)).all()));
}

/** Runs that train, wait, or have ended since then, in the order of the queue. */
export const runsAtWork = (since: number): RunSummary[] =>
  summariesOf(
    seenRuns(
      rowsOf()
        .where(or(inArray(runs.status, ["running", "queued"]), gt(runs.finishedAt, since)))
        .orderBy(asc(turnOf))
        .all(),
    ),
  );

export function summariesOf(rows: Row[]): RunSummary[] {
  const measured = measuredOf(rows);
  const waiting = unfinished(rows);
  const places = placesOf(rows);
  const people = annotatorNames();
  return rows.map((row) => {
    const { id, name, method, model, machine, status, requested, totalSteps, createdAt, startedAt, finishedAt, note } =
      row;
    return {
      id,
      name,
      method,
      model,
      machine,
      status,
      stopping: requested === "stop" || requested === "stop-now",
      inputsChanged: row.error?.includes(changedInputs) ?? false,
      totalSteps,
      startedBy: row.startedBy === null ? null : (people.get(row.startedBy) ?? null),
      createdAt,
      startedAt,
      finishedAt,
      note,
      error: withoutHiddenNames(row.error, row.after),
      ...measured.get(id)!,
      waitsFor: waiting.get(id) ?? [],
      origin: row.origin,
      tags: row.tags,
      remark: row.remark,
      archived: row.archivedAt !== null,
      priority: row.priority,
      held: row.held,
      place: places.get(id) ?? null,
      notBefore: status === "queued" ? row.notBefore : null,
    };
  });
}

type Timed = Pick<Row, "id" | "status" | "totalSteps" | "finishedAt">;
type Measured = Pick<RunSummary, "step" | "latest" | "alertCount" | "remainingMs">;

/** Of runs that have ended, so that a list of hundreds reads the points of those at work only. */
const ofEnded = new Map<string, { finishedAt: number; measured: Measured }>();
const mostRemembered = 5000;

/** What each run's points tell of it. */
export function measuredOf(rows: Timed[]): Map<string, Measured> {
  const fresh = readMeasured(rows.filter(({ id, finishedAt }) => ofEnded.get(id)?.finishedAt !== finishedAt));
  return new Map(
    rows.map((row) => {
      const measured = fresh.get(row.id) ?? ofEnded.get(row.id)!.measured;
      if (row.finishedAt !== null) remember(row.id, { finishedAt: row.finishedAt, measured });
      return [row.id, measured];
    }),
  );
}

function remember(id: string, ended: { finishedAt: number; measured: Measured }): void {
  if (ofEnded.size >= mostRemembered && !ofEnded.has(id)) ofEnded.delete(ofEnded.keys().next().value!);
  ofEnded.set(id, ended);
}

/** Newest rows of a run from which its pace and its latest values are told. */
const recentRows = 20;

function readMeasured(rows: Timed[]): Map<string, Measured> {
  if (rows.length === 0) return new Map();
  const ids = JSON.stringify(rows.map(({ id }) => id));
  const before = sql`(SELECT step FROM points WHERE run_id = wanted.value ORDER BY step DESC LIMIT 1 OFFSET ${recentRows})`;
  const recent = groupBy(
    metricsDb()
      .select(getTableColumns(points))
      .from(sql`json_each(${ids}) AS wanted`)
      .innerJoin(points, and(eq(points.runId, sql`wanted.value`), gt(points.step, sql`coalesce(${before}, -1)`)))
      .orderBy(desc(points.step))
      .all(),
    ({ runId }) => runId,
  );
  const alerted = new Map(
    metricsDb()
      .select({ id: alerts.runId, count: sql<number>`count(*)` })
      .from(alerts)
      .where(inArray(alerts.runId, sql`(SELECT value FROM json_each(${ids}))`))
      .groupBy(alerts.runId)
      .all()
      .map(({ id, count }) => [id, count]),
  );
  return new Map(
    rows.map(({ id, status, totalSteps }) => {
      const own = recent.get(id) ?? [];
      return [
        id,
        {
          step: own[0]?.step ?? 0,
          remainingMs: status === "running" && totalSteps !== null ? remaining(own, totalSteps) : null,
          latest: Object.assign({}, ...own.toReversed().map(({ values }) => values)) as Measured["latest"],
          alertCount: alerted.get(id) ?? 0,
        },
      ];
    }),
  );
}

/** Steps left at the pace of the last ones that this attempt logged. */
function remaining(recent: { step: number; at: number; attempt: number }[], totalSteps: number): number | null {
  const own = recent.filter(({ at, attempt }) => attempt === recent[0]?.attempt && at > 0);
  const [newest, oldest] = [own[0], own.at(-1)];
  if (!newest || !oldest || newest.step === oldest.step) return null;
  return ((newest.at - oldest.at) / (newest.step - oldest.step)) * (totalSteps - newest.step);
}

/** By run its place in the queue, from 1. */
function placesOf(rows: Row[]): Map<string, number> {
  if (!rows.some(({ status }) => status === "queued")) return new Map();
  return new Map(queuedRuns().map(({ id }, i) => [id, i + 1]));
}

/** What each queued run waits for. */
function unfinished(rows: Row[]): Map<string, RunName[]> {
  const queued = rows.filter(({ status, after }) => status === "queued" && after.length > 0);
  if (queued.length === 0) return new Map();
  const wanted = JSON.stringify([...new Set(queued.flatMap(({ after }) => after))]);
  const open = seenRuns(
    appDb()
      .select({ id: runs.id, name: runs.name, status: runs.status })
      .from(runs)
      .where(and(inArray(runs.id, sql`(SELECT value FROM json_each(${wanted}))`), sql`${runs.status} <> 'finished'`))
      .all(),
  );
  return new Map(queued.map(({ id, after }) => [id, open.filter((run) => after.includes(run.id))]));
}
