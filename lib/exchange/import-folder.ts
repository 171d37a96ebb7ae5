// A run's folder, as `workbench train` leaves it, becomes a run of the list. The folder stays where it is and may be imported again: then
// it is read anew.

import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { linePieces } from "../../common/appended-lines";
import { checkpointsIn } from "../../common/checkpoints";
import { runFolder } from "../../common/env";
import type { DatedEvent } from "../../common/event-line";
import { weightFiles } from "../../common/weight-files";
import type { RunConfig } from "../../spec/config";
import { AppError } from "../../spec/errors";
import { metricsEvent } from "../../spec/events";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { storedConfig } from "../../spec/stored-config";
import { appDb } from "../db/client";
import { checkpoints, leases, type Run, runs } from "../db/tables/runs";
import { latestStep } from "../history/metric-rows";
import { readEvents } from "../runner/tail";
import {
  type Attempt,
  checkpointsOf,
  endAttempt,
  fenced,
  forgetHistory,
  newRunId,
  putPoint,
  raiseFence,
  recordCheckpoint,
} from "../runs/attempts";
import { rowOf } from "../runs/record-events";
import type { ImportedFolder } from "./imported";

/** `name` is what a run that is not in the list yet is called. */
export function importFolder(path: string, name: string, now: number): ImportedFolder {
  if (!existsSync(join(path, "run.json")))
    throw new AppError(400, `${path} is no run's folder: it has no run.json. Give the output folder of a run.`);
  const folder = realpathSync(path);
  const config = { ...configIn(folder), output: folder };
  const attempts = attemptsIn(folder);
  if (attempts.length === 0 && !existsSync(join(folder, "metrics.ndjson")))
    throw new AppError(400, `${path} has no metrics yet: neither events-1.ndjson nor metrics.ndjson.`);
  const last = attempts.at(-1) ?? Math.max(1, ...checkpointsIn(folder).map(({ attempt }) => attempt));
  const run = listed(folder) ?? add({ name, config, last, now });
  if (runFolder(run.id) === folder)
    throw new AppError(409, `${run.name} is this folder's run, and is in the list already.`);
  if (run.status === "queued" || run.status === "running")
    throw new AppError(409, `${run.name} is this folder's run, and is ${run.status} here.`);
  const holder = { runId: run.id, attempt: last };
  appDb().update(leases).set({ attempt: last }).where(eq(leases.runId, run.id)).run();
  forgetHistory(run.id);
  const { status, error } =
    attempts.length > 0 ? readAttempts(folder, attempts, holder) : readMetrics(folder, config, holder);
  endAttempt(holder);
  forgetDeleted(run.id);
  appDb().update(runs).set({ status, error, finishedAt: now }).where(eq(runs.id, run.id)).run();
  return { id: run.id, name: run.name, method: run.method, status, steps: latestStep(run.id) };
}

/** Its events name every checkpoint that it saved; with saveTotalLimit not all of them are there. */
function forgetDeleted(id: string): void {
  for (const { folder } of checkpointsOf(id))
    if (!existsSync(join(folder, "manifest.json")))
      appDb().delete(checkpoints).where(eq(checkpoints.folder, folder)).run();
}

function configIn(folder: string): RunConfig {
  try {
    return storedConfig(JSON.parse(readFileSync(join(folder, "run.json"), "utf8")));
  } catch (cause) {
    throw new AppError(400, `${folder}/run.json: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

const attemptsIn = (folder: string): number[] =>
  readdirSync(folder)
    .flatMap((name) => {
      const [, attempt] = /^events-(\d+)\.ndjson$/.exec(name) ?? [];
      return attempt === undefined ? [] : [Number(attempt)];
    })
    .sort((a, b) => a - b);

const listed = (folder: string): Run | undefined =>
  appDb().select().from(runs).where(sql`json_extract(${runs.config}, '$.output') = ${folder}`).get();

/** Its lease is nobody's: a runner that takes it up, once somebody resumes it, makes the next attempt. */
function add({ name, config, last, now }: { name: string; config: RunConfig; last: number; now: number }): Run {
  const id = newRunId(now);
  const row = { id, name, method: config.method, config, status: "stopped" as const };
  return appDb().transaction((tx) => {
    const run = tx
      .insert(runs)
      .values({ ...row, createdAt: now, startedAt: now })
      .returning()
      .get();
    tx.insert(leases).values({ runId: id, owner: "import", attempt: last, expiresAt: 0 }).run();
    return run;
  });
}

function loggedRow(line: string): MetricRow {
  const { step, ...values } = JSON.parse(line) as { step: number };
  return rowOf(metricsEvent.parse({ event: "metrics", step, values }));
}

type End = Pick<Run, "status" | "error">;

/** A run that has not said how its last attempt ended counts as stopped. */
function readAttempts(folder: string, attempts: number[], holder: Attempt): End {
  let end: End = { status: "stopped", error: null };
  const hear = (event: DatedEvent) => {
    if (event.event === "started") end = { status: "stopped", error: null };
    if (event.event === "finished") end = { status: event.stopped ? "stopped" : "finished", error: null };
    if (event.event === "failed") end = { status: "failed", error: event.message };
  };
  for (const attempt of attempts) {
    const own = { runId: holder.runId, attempt };
    raiseFence(own);
    readEvents(folder, own, holder, hear);
  }
  return end;
}

/** Of a version that wrote no events: its metrics and checkpoints. */
function readMetrics(folder: string, { maxSteps }: RunConfig, holder: Attempt): End {
  const { runId } = holder;
  raiseFence(holder);
  for (const lines of linePieces(join(folder, "metrics.ndjson"))) {
    const rows = lines.map(loggedRow);
    fenced(holder, (tx) => {
      for (const row of rows) putPoint(tx, holder, row, 0);
    });
  }
  for (const { attempt, step, folder: saved, manifestHash } of checkpointsIn(folder))
    recordCheckpoint(holder, { step, folder: saved, manifestHash }, Date.now(), attempt);
  const steps = latestStep(runId);
  appDb()
    .update(runs)
    .set({ totalSteps: maxSteps ?? steps })
    .where(eq(runs.id, runId))
    .run();
  const whole = weightFiles.some((name) => existsSync(join(folder, name)));
  return { status: whole ? "finished" : "stopped", error: null };
}
