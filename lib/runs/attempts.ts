// The rows of a run's attempts: every write names its attempt, and of a stale attempt nothing is written.
import { randomBytes } from "node:crypto";
import { and, desc, eq, gt, sql } from "drizzle-orm";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { retryOnBusy } from "../db/busy";
import { appDb, metricsDb } from "../db/client";
import {
  alerts,
  answers,
  blocks,
  checks,
  fences,
  histograms,
  logLines,
  points,
  rollouts,
  summaries,
} from "../db/metrics-schema";
import { checkpoints, leases, type Run, runs } from "../db/tables/runs";
import { chunkRows } from "../history/blocks";
import { compact, type Tx, truncateHistory } from "../history/compact";

/** Thrown when another attempt has taken the run over: nothing more may be written. */
export class LeaseLost extends Error {
  constructor(runId: string, attempt: number) {
    super(`run ${runId}: attempt ${attempt} is no longer the current one`);
  }
}

export interface Attempt {
  runId: string;
  attempt: number;
}

/** Ids sort by when they were made. */
export const newRunId = (now: number) => `${now.toString(36)}${randomBytes(3).toString("hex")}`;

export function getRun(id: string): Run | undefined {
  return appDb().select().from(runs).where(eq(runs.id, id)).get();
}

/** Newest first. */
export function checkpointsOf(runId: string) {
  return appDb()
    .select()
    .from(checkpoints)
    .where(eq(checkpoints.runId, runId))
    .orderBy(desc(checkpoints.step), desc(checkpoints.attempt))
    .all();
}

/** Raises the fence to this attempt, of whose events none has been read: nothing of earlier ones is written any more. */
export function raiseFence({ runId, attempt }: Attempt): void {
  retryOnBusy(() =>
    metricsDb().transaction(
      (tx) => {
        const fence = tx.select().from(fences).where(eq(fences.runId, runId)).get();
        if (fence && fence.attempt > attempt) throw new LeaseLost(runId, attempt);
        const raised = { attempt, bytesRead: 0 };
        tx.insert(fences)
          .values({ runId, ...raised })
          .onConflictDoUpdate({ target: fences.runId, set: raised })
          .run();
      },
      { behavior: "immediate" },
    ),
  );
}

/** The newest attempt of a run that has been let through, and how far its events have been read. */
export const fenceOf = (runId: string) => metricsDb().select().from(fences).where(eq(fences.runId, runId)).get();

/** One transaction in metrics.db, refused once the fence has moved on. */
export function fenced({ runId, attempt }: Attempt, write: (tx: Tx) => void): void {
  retryOnBusy(() =>
    metricsDb().transaction(
      (tx) => {
        if (tx.select().from(fences).where(eq(fences.runId, runId)).get()?.attempt !== attempt)
          throw new LeaseLost(runId, attempt);
        write(tx);
      },
      { behavior: "immediate" },
    ),
  );
}

/** Drops what lies beyond the step that an attempt starts from, so that the curve stays one line. */
export function dropBeyond(tx: Tx, attempt: Attempt, step: number): void {
  truncateHistory(tx, attempt, step);
  for (const table of [answers, alerts, histograms, rollouts])
    tx.delete(table)
      .where(and(eq(table.runId, attempt.runId), gt(table.step, step)))
      .run();
}

export function putPoint(tx: Tx, attempt: Attempt, { step, ...values }: MetricRow, at: number): void {
  tx.insert(points)
    .values({ ...attempt, step, at, values })
    .onConflictDoUpdate({ target: [points.runId, points.step], set: { attempt: attempt.attempt, at, values } })
    .run();
  compact(tx, attempt.runId);
}

/** Everything that its attempts reported, checkpoints too, so that it can be read anew from the first on. */
export function forgetHistory(runId: string): void {
  metricsDb().transaction((tx) => {
    for (const table of [fences, points, blocks, summaries, histograms, rollouts, alerts, answers, checks, logLines])
      tx.delete(table).where(eq(table.runId, runId)).run();
  });
  appDb().delete(checkpoints).where(eq(checkpoints.runId, runId)).run();
}

/** At an attempt's end: what reads its history finds all but the newest rows in columns. */
export const endAttempt = (attempt: Attempt) => fenced(attempt, (tx) => compact(tx, attempt.runId, chunkRows / 4));

export function appendLog(attempt: Attempt, text: string, at: number): void {
  fenced(attempt, (tx) => putLogLine(tx, attempt, text, at));
}

export function putLogLine(tx: Tx, attempt: Attempt, text: string, at: number): void {
  tx.insert(logLines)
    .values({ ...attempt, at, text })
    .run();
}

/** Changes the run's row if this attempt still holds its lease. */
function update({ runId, attempt }: Attempt, values: Partial<typeof runs.$inferInsert>): void {
  const { changes } = retryOnBusy(() =>
    appDb()
      .update(runs)
      .set(values)
      .where(
        and(
          eq(runs.id, runId),
          sql`EXISTS (SELECT 1 FROM ${leases} WHERE ${leases.runId} = ${runId} AND ${leases.attempt} = ${attempt})`,
        ),
      )
      .run(),
  );
  if (changes === 0) throw new LeaseLost(runId, attempt);
}

export const recordTotal = (attempt: Attempt, totalSteps: number) => update(attempt, { totalSteps });
export const recordNote = (attempt: Attempt, note: string) => update(attempt, { note });

interface SavedStep {
  step: number;
  folder: string;
  manifestHash: string;
}

/** A checkpoint of attempt `by`, written by the attempt that holds the lease. Again changes nothing. */
export function recordCheckpoint(holder: Attempt, checkpoint: SavedStep, now: number, by = holder.attempt): void {
  const { runId, attempt } = holder;
  retryOnBusy(() =>
    appDb().transaction((tx) => {
      const lease = tx.select().from(leases).where(eq(leases.runId, runId)).get();
      if (lease?.attempt !== attempt) throw new LeaseLost(runId, attempt);
      tx.insert(checkpoints)
        .values({ runId, attempt: by, ...checkpoint, createdAt: now })
        .onConflictDoNothing()
        .run();
    }),
  );
}
