// Leases on runs: claim, beat, release. One writer at a time (BEGIN IMMEDIATE), the clock read inside the lock.
import { and, asc, eq, isNotNull, isNull, lt, lte, ne, or, sql } from "drizzle-orm";
import { retryOnBusy } from "../db/busy";
import { appDb } from "../db/client";
import { machines } from "../db/tables/machines";
import { leases, type Run, runs } from "../db/tables/runs";
import type { Attempt } from "../runs/attempts";
import { failDependants, type Tx } from "../runs/dependants";
import { isQueued, machineOf, rankOf, turnOf } from "../runs/queue-order";
import { stopAsked } from "../runs/stop-asked";
import { releaseHeld } from "./rungs";

export const leaseMs = 30_000;
export const beatMs = 10_000;

export interface Claim {
  run: Run;
  attempt: number;
  owner: string;
  /** The job on another machine that works on this attempt already. */
  job: string | null;
}

/** Whether a run is for another machine. */
export const isElsewhere = ({ config }: Run): boolean => Boolean(config.machine);

/** Whether a machine has no more room for another run, with those that wait in its own queue. A run whose runner died before it was submitted is no other. */
const isFull = sql`exists (select 1 from ${machines} where ${machines.name} = ${machineOf} and ${machines.runsAtOnce} <=
  (select count(*) from leases as theirs join runs as others on others.id = theirs.run_id
    where others.id <> ${runs.id} and others.status = 'running' and json_extract(others.config, '$.machine') = ${machines.name}))`;

/** What may be claimed now if there is room for it here, in the order in which it is. */
const claimable = (tx: Tx, owner: string, at: number) =>
  tx
    .select({
      id: runs.id,
      machine: machineOf,
      memory: runs.memory,
      attempt: leases.attempt,
      job: leases.job,
    })
    .from(runs)
    .leftJoin(leases, eq(leases.runId, runs.id))
    .where(
      and(
        or(isQueued, eq(runs.status, "running")),
        or(isNull(leases.runId), lt(leases.expiresAt, at)),
        or(ne(runs.status, "running"), isNull(leases.owner), ne(leases.owner, owner)), // its own lapse while its machine sleeps
        or(isNotNull(leases.job), isNull(machineOf), sql`not ${isFull}`),
        or(isNull(runs.notBefore), lte(runs.notBefore, at)),
        sql`not exists (select 1 from json_each(${runs.after}) as needed
          join ${runs} as other on other.id = needed.value where other.status <> 'finished')`,
      ),
    )
    .orderBy(sql`${leases.job} is null`, asc(rankOf), asc(turnOf), asc(runs.id))
    .all();

/**
 * Takes the first run in the queue that waits for no other, may start by now and has room where it is to run, or one whose runner has let its lease
 * lapse. Exactly one of many callers gets it. `hasRoom`: whether this machine has room for a run that needs so many bytes (null: nobody knows how many);
 * the first one waits until there is, and no other overtakes it. A job that works already is taken up first, wherever it is.
 */
export function claimRun(
  owner: string,
  now: () => number,
  hasRoom: (memory: number | null) => boolean = () => true,
): Claim | null {
  return retryOnBusy(() =>
    appDb().transaction(
      (tx) => {
        const at = now();
        stopAsked(tx, at);
        releaseHeld(tx, at);
        failDependants(tx, at);
        const candidates = claimable(tx, owner, at);
        const firstHere = candidates.find(({ machine }) => machine === null);
        const next = candidates.find((one) => (one === firstHere ? hasRoom(one.memory) : one.machine !== null));
        if (!next) return null;
        const { job } = next;
        const attempt = (next.attempt ?? 0) + (job === null ? 1 : 0);
        const lease = { owner, attempt, expiresAt: at + leaseMs, pid: null, job };
        tx.insert(leases)
          .values({ runId: next.id, ...lease })
          .onConflictDoUpdate({ target: leases.runId, set: lease })
          .run();
        const run = tx
          .update(runs)
          .set({
            status: "running",
            startedAt: sql`coalesce(${runs.startedAt}, ${at})`,
            finishedAt: null,
            error: null,
          })
          .where(eq(runs.id, next.id))
          .returning()
          .get();
        return { run, attempt, owner, job };
      },
      { behavior: "immediate" },
    ),
  );
}

/** Who works on a run. A job that is taken up from another runner keeps its attempt, so the owner counts too. */
export interface Holder extends Attempt {
  owner: string;
}

const held = ({ runId, attempt, owner }: Holder) =>
  and(eq(leases.runId, runId), eq(leases.attempt, attempt), eq(leases.owner, owner));

/** Extends the lease; false once another runner has it. */
export function beat(holder: Holder, now: number): boolean {
  return retryOnBusy(
    () =>
      appDb()
        .update(leases)
        .set({ expiresAt: now + leaseMs })
        .where(held(holder))
        .run().changes === 1,
  );
}

export function recordPid(holder: Holder, pid: number): void {
  retryOnBusy(() => appDb().update(leases).set({ pid }).where(held(holder)).run());
}

/** From now on whoever claims the run finds that job at work on it. */
export function recordJob(holder: Holder, job: string): void {
  retryOnBusy(() => appDb().update(leases).set({ job }).where(held(holder)).run());
}

/**
 * Ends an attempt: the run takes its next status and the lease expires at once. Returns the runs that failed with it.
 * Does nothing if the lease was lost, and returns null. `hold`: back in the queue until it is among the best of its sweep.
 */
export function release(
  holder: Holder,
  { status, error, hold = false, now }: { status: Run["status"]; error: string | null; hold?: boolean; now: number },
): Run[] | null {
  return retryOnBusy(() =>
    appDb().transaction(
      (tx) => {
        const released = tx.update(leases).set({ expiresAt: 0, pid: null, job: null }).where(held(holder)).run();
        if (released.changes === 0) return null;
        const ended = status === "queued" ? {} : { finishedAt: now };
        const heard = status === "queued" && !hold ? {} : { requested: null };
        tx.update(runs)
          .set({ status, error, held: hold, ...ended, ...heard })
          .where(eq(runs.id, holder.runId))
          .run();
        return failDependants(tx, now);
      },
      { behavior: "immediate" },
    ),
  );
}
