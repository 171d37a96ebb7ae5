// Work that requests start and that takes long: generating, scoring, checking data, writing a model as a file. The web process remembers it,
// so that the jobs menu can show how far it is, and cancel it.
import "server-only";
import { AppError } from "../../spec/errors";
import { log } from "../logging/log";
import type { BackgroundKind, Job } from "./job-schema";

/** Jobs that have ended and are still listed. */
const mostEnded = 20;

/** What a job's work is given. */
export interface JobHandle {
  id: string;
  /** The program has its turn. */
  begins: () => void;
  /** The last line that the program said; "3 of 10" in it is how far it is. */
  says: (line: string) => void;
  /** Aborted when somebody cancels the job. */
  cancelled: AbortSignal;
  /** What follows cannot be undone: throws if somebody cancelled the job before, and from now on nobody can. */
  commits: () => void;
}

interface Kept {
  job: Job;
  controller: AbortController;
  committed: boolean;
}

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { backgroundJobs?: Kept[]; jobsStarted?: number; jobsByKey?: Map<string, string> };
const kept = (): Kept[] => {
  shared.backgroundJobs ??= [];
  return shared.backgroundJobs;
};

/** Newest first. */
export const backgroundJobs = (): Job[] =>
  kept()
    .map(({ job }) => job)
    .toReversed();

/** Does the work as a job of the menu. */
export async function asJob<T>(
  { kind, title, href }: { kind: BackgroundKind; title: string; href: string },
  work: (handle: JobHandle) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const job = newJob(kind, title, href);
  forget();
  const own: Kept = { job, controller, committed: false };
  kept().push(own);
  const handle: JobHandle = {
    id: job.id,
    begins: () => Object.assign(job, { status: "running", startedAt: Date.now() }),
    says: (line) => {
      if (!controller.signal.aborted) Object.assign(job, { said: line, progress: shareIn(line) ?? job.progress });
    },
    cancelled: controller.signal,
    commits: () => {
      controller.signal.throwIfAborted();
      own.committed = true;
    },
  };
  try {
    const result = await work(handle);
    Object.assign(job, { status: "finished", progress: 1 });
    return result;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    Object.assign(job, controller.signal.aborted ? { status: "stopped" } : { status: "failed", error: words });
    throw error;
  } finally {
    job.endedAt = Date.now();
  }
}

function newJob(kind: BackgroundKind, title: string, href: string): Job {
  shared.jobsStarted = (shared.jobsStarted ?? 0) + 1;
  const id = `job-${shared.jobsStarted}`;
  const none = { said: "", progress: null, remainingMs: null, alerts: 0, startedAt: null, endedAt: null, error: null };
  return { id, kind, title, href, status: "queued", ...none };
}

/** Drops the oldest that have ended, where there are too many. */
function forget(): void {
  const ended = kept().filter(({ job }) => job.endedAt !== null);
  const old = new Set(ended.slice(0, Math.max(0, ended.length - mostEnded + 1)));
  shared.backgroundJobs = kept().filter((one) => !old.has(one));
}

/** How far work is that is done once. "once" starts it where it never was, "again" also where it failed or was cancelled. */
export function jobOf(
  key: string,
  about: { kind: BackgroundKind; title: string; href: string },
  work: (handle: JobHandle) => Promise<void>,
  start: "no" | "once" | "again",
): { ready: false; id: string | null; said: string; progress: number | null; error: string | null } {
  shared.jobsByKey ??= new Map();
  const keys = shared.jobsByKey;
  const known = kept().find(({ job }) => job.id === keys.get(key))?.job;
  const isOver = known && (known.status === "finished" || (known.endedAt !== null && start === "again"));
  if (known && !isOver) {
    const { id, said, progress, error, status } = known;
    return {
      ready: false,
      id,
      said: said || "starting",
      progress,
      error: status === "stopped" ? "Cancelled in the jobs menu." : error,
    };
  }
  if (start !== "no")
    asJob(about, (job) => {
      job.begins();
      keys.set(key, job.id);
      return work(job);
    }).catch((error: unknown) => log().error({ err: error }, about.title));
  return { ready: false, id: null, said: start === "no" ? "" : "starting", progress: null, error: null };
}

/** The job has stopped once its work has come to its end. */
export function cancelJob(id: string): Job {
  const found = kept().find(({ job }) => job.id === id);
  if (!found) throw new AppError(404, `There is no job ${id}; it may have ended before the last restart.`);
  if (found.job.endedAt !== null)
    throw new AppError(409, `This job has ended (${found.job.status}); there is nothing to cancel.`);
  if (found.committed)
    throw new AppError(409, "This job is about to finish and can no longer be undone; wait until it has ended.");
  log().info({ job: id }, `cancelled: ${found.job.title}`);
  found.job.said = "Cancelling…";
  found.controller.abort();
  return found.job;
}

/** "3 of 10 prompts" as a share. */
function shareIn(line: string): number | null {
  const [, done, all] = /\b(\d+) of (\d+)\b/.exec(line) ?? [];
  return all && Number(all) > 0 ? Math.min(1, Number(done) / Number(all)) : null;
}
