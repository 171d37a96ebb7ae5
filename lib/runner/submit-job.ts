// A run's job, handed to its scheduler until that has it.
import { rmSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Machine } from "../db/tables/machines";
import { writeScript } from "../machines/job-script";
import { schedulerOf } from "../machines/scheduler-of";
import { Unreachable } from "../machines/unreachable";
import { want } from "../machines/wanted-job";
import type { Attempt } from "../runs/attempts";

/** The pause before each next submission is twice the last one, up to a minute of the usual ones. */
const longest = 32;

interface Patience {
  pauseMs: number;
  signal: AbortSignal;
  /** Whether the job is no longer to be submitted. */
  stopping: () => boolean;
  failed: (error: Unreachable) => void;
}

/**
 * The job's id; null where it was stopped before it had one. Throws what its scheduler refuses it for. Where that cannot be reached it may have accepted
 * the job: each submission is another job, and only the last one is wanted.
 */
export async function submitJob(
  folder: string,
  own: Attempt,
  { settings }: Machine,
  { pauseMs, signal, stopping, failed }: Patience,
): Promise<string | null> {
  for (let nth = 1; !stopping(); nth++) {
    const job = writeScript(folder, own, settings, nth);
    want(folder, own.attempt, job.name);
    try {
      return await schedulerOf(settings).submit(job);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      want(folder, own.attempt, null); // it may have been accepted, and is to train nothing beside the next one
      rmSync(job.script, { force: true });
      failed(error);
    }
    for (let pause = Math.min(2 ** (nth - 1), longest); pause > 0 && !stopping(); pause--)
      await wait(pauseMs, undefined, { signal });
  }
  return null;
}
