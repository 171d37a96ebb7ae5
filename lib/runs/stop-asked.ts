import { existsSync } from "node:fs";
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { leases, type Run, runs, stopRequests } from "../db/tables/runs";
import { log } from "../logging/log";
import { want } from "../machines/wanted-job";
import type { Tx } from "./dependants";
import { folderOf } from "./folder";

/** Of a running run: its runner died, and no job on another machine is known to go on with it. */
export const lapsedAt = (now: number): SQL =>
  sql`not exists (select 1 from ${leases} where ${leases.runId} = ${runs.id} and (${leases.expiresAt} >= ${now} or ${leases.job} is not null))`;

/** Stops the runs whose stop was asked for and whose runner died before it could. A job on another machine has outlived it: the next runner stops that. */
export function stopAsked(tx: Tx, now: number): void {
  const stopped = tx
    .update(runs)
    .set({ status: "stopped", requested: null, finishedAt: now })
    .where(and(eq(runs.status, "running"), inArray(runs.requested, [...stopRequests]), lapsedAt(now)))
    .returning()
    .all();
  for (const run of stopped) if (run.config.machine) giveUpJob(tx, run);
}

/** The runner may have died between a job's submission and the record of it. */
export function giveUpJob(tx: Tx, run: Run): void {
  const lease = tx.select().from(leases).where(eq(leases.runId, run.id)).get();
  const folder = folderOf(run);
  if (!lease || !existsSync(folder)) return;
  try {
    want(folder, lease.attempt, null);
  } catch (error) {
    log().error({ err: error, run: run.id }, "a job that may have been submitted cannot be told that it is given up");
  }
}
