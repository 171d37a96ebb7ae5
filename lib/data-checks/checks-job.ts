// The data checks of a dataset as a process of their own and a job of the menu.
import "server-only";
import { asJob, backgroundJobs } from "../jobs/background";
import { reportOf } from "../jobs/workbench";
import { log } from "../logging/log";
import { changing } from "./change-job";
import { type CheckInput, type CheckReport, type ChecksState, checkReport } from "./checks-schema";
import { type Checked, reportOfChecks } from "./kept-findings";

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { dataChecks?: Map<string, string> };

/** A million rows take some minutes, and on a slow machine many. */
const longestMs = 6 * 3_600_000;

const keyOf = ({ kind, id }: Checked) => `${kind}-${id}`;
const runningOf = (of: Checked) => backgroundJobs().find(({ id }) => id === shared.dataChecks?.get(keyOf(of)));

/** `open` says of a report how many rows of each check are still as they were found. */
export function stateOfChecks(of: Checked, open: (report: CheckReport) => ChecksState["open"]): ChecksState {
  const job = runningOf(of);
  const isRunning = job !== undefined && job.endedAt === null;
  const report = reportOfChecks(of);
  return {
    report,
    open: report === null ? {} : open(report),
    running: isRunning ? { said: job.said, progress: job.progress } : null,
    changing: changing(of),
    error: isRunning || !job ? null : job.status === "stopped" ? "Cancelled in the jobs menu." : job.error,
  };
}

const commands = {
  labelled: { command: "check-labelled", page: "/datasets/labelled" },
  queue: { command: "check-data", page: "/datasets" },
} as const;

/** Unless they run already. `against` are datasets (`labelled:3`, `queue:2`) and files. */
export function startChecks(of: Checked & { name: string }, { against, webRules }: CheckInput): void {
  if (runningOf(of)?.endedAt === null) return;
  shared.dataChecks ??= new Map();
  const works = shared.dataChecks;
  const { command, page } = commands[of.kind];
  const about = {
    kind: "data check",
    title: `Data quality of ${of.name}`,
    href: `${page}/${of.id}/quality`,
  } as const;
  const work = asJob(about, (job) => {
    works.set(keyOf(of), job.id);
    return reportOf(checkReport, [command, String(of.id), ...(webRules ? ["--web-rules"] : [])], {
      entry: "lib/cli.ts",
      options: { against },
      timeoutMs: longestMs,
      job,
    });
  });
  work.catch((error: unknown) => log().error({ err: error }, about.title));
}
