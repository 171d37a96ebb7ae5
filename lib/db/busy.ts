// SQLite has one writer a file. A connection waits 250 ms by itself (its wait blocks the event loop), then says SQLITE_BUSY.
import { setTimeout as wait } from "node:timers/promises";
import { isDiskFull } from "../../common/full-disk";
import { appDb, metricsDb } from "./client";

const tries = 60;
export const isBusy = (error: unknown) => {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  return cause instanceof Error && "code" in cause && String(cause.code).startsWith("SQLITE_BUSY");
};

/** Whether the same may succeed later, with nothing changed but what other programs do or delete. */
export const passes = (error: unknown) => isBusy(error) || isDiskFull(error);

/** For the runner and the trainers, which may block: tries for about 15 seconds. */
export function retryOnBusy<T>(work: () => T): T {
  for (let attempt = 1; ; attempt++)
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || attempt === tries) throw error;
    }
}

/** For the web process: lets other requests run between the tries, and only the first of them blocks. `work` is one transaction; whatever may not be done twice stands outside. */
export async function retryOnBusyAsync<T>(
  work: () => T extends Promise<unknown> ? never : T,
  patienceMs = 15_000,
): Promise<T> {
  const until = Date.now() + patienceMs;
  for (let first = true; ; first = false)
    try {
      return first && waiting === 0 ? work() : withoutWaiting(work);
    } catch (error) {
      if (!isBusy(error) || Date.now() > until) throw error;
      waiting++;
      await wait(10 + Math.random() * 40);
      waiting--;
    }
}

/** Requests between two tries. While another program holds the lock, many that block in turn would leave the pages no time. */
let waiting = 0;

/** Meets SQLITE_BUSY at once instead of after 250 ms. */
export function withoutWaiting<T>(work: () => T): T {
  const databases = [appDb().$client, metricsDb().$client];
  const before = databases.map((sqlite) => sqlite.pragma("busy_timeout", { simple: true }) as number);
  try {
    for (const sqlite of databases) sqlite.pragma("busy_timeout = 0");
    return work();
  } finally {
    for (const [i, sqlite] of databases.entries()) sqlite.pragma(`busy_timeout = ${before[i]}`);
  }
}
