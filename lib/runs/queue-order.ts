// The order of queued runs: by priority, then by their turns. Unmarked, so that the runner reads it in plain Node.
import { and, asc, eq, sql } from "drizzle-orm";
import { appDb } from "../db/client";
import { leases, type Run, runs } from "../db/tables/runs";

/** What queued runs of a priority are ordered by. */
export const turnOf = sql<number>`coalesce(${runs.turn}, ${runs.createdAt})`;

/** The machine that a run is for; null is this one. */
export const machineOf = sql<string | null>`json_extract(${runs.config}, '$.machine')`;

export const rankOf = sql<number>`case ${runs.priority} when 'high' then 0 when 'normal' then 1 else 2 end`;

/** A run that may be started once it is its turn: not one that is held until others of its sweep do worse. */
export const isQueued = and(eq(runs.status, "queued"), eq(runs.held, false));

/** In their order. */
export const queuedRuns = () =>
  appDb()
    .select({ id: runs.id, turn: turnOf, priority: runs.priority, rank: rankOf })
    .from(runs)
    .where(isQueued)
    .orderBy(asc(rankOf), asc(turnOf), asc(runs.id))
    .all();

/** Whose turns are compared with whose. */
type Line = Pick<Run, "startedBy" | "priority"> & { machine: string | null };

/**
 * The turn after which somebody's next runs come, among those of a priority and a machine: their own last one, or the newest that has begun. So whoever
 * launches one run waits for one of each of the others, however many these have launched before (start-time fair queuing; Goyal et al. 1996, with runs of length 1).
 */
export function turnBefore({ startedBy, priority, machine }: Line, now: number): number {
  const [{ first, own, begun }] = appDb()
    .select({
      first: sql<number | null>`min(${turnOf}) filter (where ${isQueued})`,
      own: sql<number | null>`max(${turnOf}) filter (where ${isQueued} and ${runs.startedBy} is ${startedBy})`,
      begun: sql<number | null>`max(${turnOf}) filter (where ${leases.runId} is not null)`,
    })
    .from(runs)
    .leftJoin(leases, eq(leases.runId, runs.id))
    .where(and(eq(runs.priority, priority), sql`${machineOf} is ${machine}`))
    .all() as [{ first: number | null; own: number | null; begun: number | null }];
  return Math.max(begun ?? (first ?? now) - 1, own ?? 0);
}
