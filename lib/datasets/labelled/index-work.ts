// Labelled datasets are indexed when somebody first looks at their rows, as a job of the menu.
import "server-only";
import type { LabelledSet } from "../../db/tables/training-sets";
import { asJob, backgroundJobs } from "../../jobs/background";
import { log } from "../../logging/log";
import type { IndexState } from "./labelled-schema";
import { indexRows, isIndexed } from "./row-index";

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { indexWork?: Map<string, string> };

/** So many rows are indexed while a page is made. */
const mostAtOnce = 2000;

/** Whether the rows are indexed; few rows are before this answers. */
export async function isReady({ sha256, rows }: LabelledSet): Promise<boolean> {
  if (isIndexed(sha256)) return true;
  if (rows > mostAtOnce) return false;
  await indexRows(sha256, rows);
  return true;
}

/** Starts the index where there is none and none is being made; one that failed or was cancelled only where it is asked for again. */
export function indexOf({ id, name, sha256, rows }: LabelledSet, again = false): IndexState {
  shared.indexWork ??= new Map();
  const works = shared.indexWork;
  if (isIndexed(sha256)) return { ready: true, said: "", progress: 1, error: null };
  const known = backgroundJobs().find((job) => job.id === works.get(sha256));
  if (known && (known.endedAt === null || (known.status !== "finished" && !again))) {
    const { said, progress, error, status } = known;
    return { ready: false, said, progress, error: status === "stopped" ? "Cancelled in the jobs menu." : error };
  }
  const about = { kind: "import", title: `Index of ${name}`, href: `/datasets/labelled/${id}/records` } as const;
  const work = asJob(about, async (job) => {
    job.begins();
    works.set(sha256, job.id);
    await indexRows(sha256, rows, job);
  });
  work.catch((error: unknown) => log().error({ err: error }, about.title));
  return { ready: false, said: "", progress: null, error: null };
}
