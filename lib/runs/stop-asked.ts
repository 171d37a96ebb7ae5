import { and, eq, inArray, sql } from "drizzle-orm";
import { leases, runs, stopRequests } from "../db/tables/runs";
import type { Tx } from "./dependants";

/** Stops the runs whose stop was asked for and whose runner died before it could. A job on another machine has outlived it: the next runner stops that. */
export function stopAsked(tx: Tx, now: number): void {
  const lapsed = sql`not exists (select 1 from ${leases} where ${leases.runId} = ${runs.id} and (${leases.expiresAt} >= ${now} or ${leases.job} is not null))`;
  tx.update(runs)
    .set({ status: "stopped", requested: null, finishedAt: now })
    .where(and(eq(runs.status, "running"), inArray(runs.requested, [...stopRequests]), lapsed))
    .run();
}
