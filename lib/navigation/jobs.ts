// Everything at work, waiting, or ended in the last hour.
import "server-only";
import { isOpen } from "../access/dataset-roles";
import { backgroundJobs } from "../jobs/background";
import type { Job } from "../jobs/job-schema";
import { runsAtWork } from "../runs/list-runs";
import type { RunSummary } from "../runs/run-schema";

const listedMs = 3_600_000;

export function jobsAt(now: number): Job[] {
  const since = now - listedMs;
  const background = backgroundJobs().filter(
    (job) => (job.endedAt === null || job.endedAt >= since) && isForReader(job),
  );
  const all = [...runsAtWork(since).map(jobOf), ...background];
  const rank = ({ status }: Job) => (status === "running" ? 0 : status === "queued" ? 1 : 2);
  return all.sort((a, b) => rank(a) - rank(b) || (b.endedAt ?? 0) - (a.endedAt ?? 0)); // those that wait stay in their order
}

/** What works on a dataset that is not there for whoever asks is not either. */
function isForReader({ href }: Job): boolean {
  const [, labelled, id] = /^\/datasets\/(labelled\/)?(\d+)/.exec(href) ?? [];
  return id === undefined || isOpen({ kind: labelled ? "labelled" : "annotate", id: Number(id) });
}

const jobOf = (run: RunSummary): Job => ({
  id: run.id,
  kind: "run",
  title: run.name,
  href: `/runs/${run.id}`,
  status: run.status,
  said: saidOf(run),
  progress: run.totalSteps === null ? null : Math.min(1, run.step / run.totalSteps),
  remainingMs: run.remainingMs,
  alerts: run.alertCount,
  startedAt: run.startedAt,
  endedAt: run.finishedAt,
  error: run.error,
});

function saidOf({ status, stopping, waitsFor, notBefore, step, totalSteps, note }: RunSummary): string {
  if (status === "queued" && waitsFor.length > 0) return `waits for ${waitsFor.map(({ name }) => name).join(", ")}`;
  if (status === "queued") return notBefore === null ? "" : "waits for its start time";
  if (stopping && status === "running") return "saving…";
  if (status === "running" && step === 0 && note) return note;
  return totalSteps === null ? `step ${step}` : `step ${step} of ${totalSteps}`;
}
