// The data checks of a labelled dataset as a process of their own and a job of the menu.
import "server-only";
import type { LabelledSet } from "../../../db/tables/training-sets";
import { asJob, backgroundJobs } from "../../../jobs/background";
import { reportOf } from "../../../jobs/workbench";
import { log } from "../../../logging/log";
import { reportOfChecks } from "./checked-rows";
import { type ChecksState, checkReport } from "./checks-schema";
import { openFindings } from "./open-findings";

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { labelledChecks?: Map<number, string> };

/** A million rows take some minutes, and on a slow machine many. */
const longestMs = 6 * 3_600_000;

export function stateOfChecks(set: LabelledSet): ChecksState {
  const job = backgroundJobs().find(({ id }) => id === shared.labelledChecks?.get(set.id));
  const isRunning = job !== undefined && job.endedAt === null;
  const report = reportOfChecks(set);
  return {
    report,
    open: report === null ? {} : openFindings(set, report),
    running: isRunning ? { said: job.said, progress: job.progress } : null,
    error: isRunning || !job ? null : job.status === "stopped" ? "Cancelled in the jobs menu." : job.error,
  };
}

/** Unless they run already. `against` are datasets (`labelled:3`, `queue:2`) and files. */
export function startChecks(set: LabelledSet, against: string[]): void {
  if (stateOfChecks(set).running) return;
  shared.labelledChecks ??= new Map();
  const works = shared.labelledChecks;
  const about = {
    kind: "data check",
    title: `Data quality of ${set.name}`,
    href: `/datasets/labelled/${set.id}/quality`,
  } as const;
  const work = asJob(about, (job) => {
    works.set(set.id, job.id);
    return reportOf(checkReport, ["check-labelled", String(set.id)], {
      entry: "lib/cli.ts",
      options: { against },
      timeoutMs: longestMs,
      job,
    });
  });
  work.catch((error: unknown) => log().error({ err: error }, about.title));
}
