// SQLite has one writer a file. A connection waits 250 ms by itself (its wait blocks the event loop), then says SQLITE_BUSY.
import { setTimeout as wait } from "node:timers/promises";
import { isDiskFull } from "../../common/full-disk";

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

/** For the web process: lets other requests run between the tries. `work` is one transaction; whatever may not be done twice stands outside. */
export async function retryOnBusyAsync<T>(
  work: () => T extends Promise<unknown> ? never : T,
  most: number = tries,
): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || attempt === most) throw error;
      await wait(10 + Math.random() * 40);
    }
}
