// The trainer's side of a run: everything it writes names its attempt, and a stale attempt writes nothing.

import { randomBytes } from "node:crypto";
import { and, desc, eq, gt, sql } from "drizzle-orm";
import type { Alert } from "../../spec/alerts";
import type { Answer } from "../../spec/answers";
import type { Check } from "../../spec/checks";
import type { Histogram, SpreadName } from "../../spec/histograms";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { retryOnBusy } from "../db/busy";
import { appDb, metricsDb } from "../db/client";
import { alerts, answers, checks, fences, histograms, logLines, points } from "../db/metrics-schema";
import { checkpoints, leases, type Run, runs } from "../db/schema";
import { chunkRows } from "../history/blocks";
import { compact, type Tx, truncateHistory } from "../history/compact";

/** Thrown when another attempt has taken the run over: the process must end without another write. */
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

/** Raises the fence to this attempt and drops what lies beyond the step it starts from, so the curve stays one line. */
export function beginAttempt({ runId, attempt }: Attempt, step: number): void {
  retryOnBusy(() =>
    metricsDb().transaction((tx) => {
      const fence = tx.select().from(fences).where(eq(fences.runId, runId)).get();
      if (fence && fence.attempt > attempt) throw new LeaseLost(runId, attempt);
      tx.insert(fences).values({ runId, attempt }).onConflictDoUpdate({ target: fences.runId, set: { attempt } }).run();
      truncateHistory(tx, { runId, attempt }, step);
      for (const table of [answers, alerts, histograms])
        tx.delete(table)
          .where(and(eq(table.runId, runId), gt(table.step, step)))
          .run();
    }),
  );
}

/** One transaction in metrics.db, refused once the fence has moved on. */
function fenced({ runId, attempt }: Attempt, write: (tx: Tx) => void): void {
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

export function appendPoint(attempt: Attempt, { step, ...values }: MetricRow, at: number): void {
  fenced(attempt, (tx) => {
    tx.insert(points)
      .values({ ...attempt, step, at, values })
      .onConflictDoUpdate({ target: [points.runId, points.step], set: { attempt: attempt.attempt, at, values } })
      .run();
    compact(tx, attempt.runId);
  });
}

/** At an attempt's end: what reads its history finds all but the newest rows in columns. */
export const endAttempt = (attempt: Attempt) => fenced(attempt, (tx) => compact(tx, attempt.runId, chunkRows / 4));

export function recordHistogram(attempt: Attempt, step: number, name: SpreadName, histogram: Histogram): void {
  const row = { ...attempt, step, name, ...histogram };
  fenced(attempt, (tx) => {
    tx.insert(histograms)
      .values(row)
      .onConflictDoUpdate({ target: [histograms.runId, histograms.name, histograms.step], set: row })
      .run();
  });
}

export function recordAlert(attempt: Attempt, alert: Alert, at: number): void {
  fenced(attempt, (tx) => {
    tx.insert(alerts)
      .values({ ...attempt, ...alert, at })
      .onConflictDoNothing()
      .run();
  });
}

export function appendAnswers(attempt: Attempt, step: number, list: Answer[]): void {
  fenced(attempt, (tx) => {
    list.forEach((answer, slot) => {
      const row = { ...attempt, ...answer, step, slot };
      tx.insert(answers)
        .values(row)
        .onConflictDoUpdate({ target: [answers.runId, answers.step, answers.slot], set: row })
        .run();
    });
  });
}

export function recordCheck(attempt: Attempt, check: Check): void {
  const row = { ...attempt, ...check };
  fenced(attempt, (tx) => {
    tx.insert(checks)
      .values(row)
      .onConflictDoUpdate({ target: [checks.runId, checks.name], set: row })
      .run();
  });
}

export function appendLog(attempt: Attempt, text: string, at: number): void {
  fenced(attempt, (tx) =>
    tx
      .insert(logLines)
      .values({ ...attempt, at, text })
      .run(),
  );
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

export function recordCheckpoint(
  attempt: Attempt,
  checkpoint: { step: number; folder: string; manifestHash: string },
  now: number,
): void {
  retryOnBusy(() =>
    appDb().transaction((tx) => {
      const lease = tx.select().from(leases).where(eq(leases.runId, attempt.runId)).get();
      if (lease?.attempt !== attempt.attempt) throw new LeaseLost(attempt.runId, attempt.attempt);
      tx.insert(checkpoints)
        .values({ ...attempt, ...checkpoint, createdAt: now })
        .onConflictDoNothing()
        .run();
    }),
  );
}
