// What Home shows: where somebody was, what trains, what is worth a look, and what everybody did lately.
import "server-only";
import { count, isNull, like, or, sql } from "drizzle-orm";
import { paceOf } from "../annotation/judging/pace";
import { listQueues } from "../annotation/queues/list-queues";
import type { QueueDto } from "../annotation/queues/queue-schema";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import type { Job } from "../jobs/job-schema";
import { jobsAt } from "../navigation/jobs";
import { curveOf } from "../runs/compare/compared-runs";
import { drawn } from "../runs/compare/lines";
import { listRuns } from "../runs/list-runs";
import type { RunSummary } from "../runs/run-schema";
import { type Activity, activities, newestAlerts } from "./activity";
import { lastAnnotated } from "./last-annotated";

/** Rows of each kind. */
const most = { datasets: 5, runs: 5, activities: 8 };
/** Runs among which those of interest are looked for. */
const newest = 100;
const dayMs = 86_400_000;

export interface Home {
  /** What to go on with: the dataset annotated last that is not finished, or the first one. */
  next: { dataset: QueueDto; paceMs: number | null } | null;
  /** Runs at work and queued among them, and the losses so far of the one that trains. */
  jobs: Job[];
  losses: number[];
  alert: Activity | null;
  datasets: QueueDto[];
  datasetCount: number;
  runs: RunSummary[];
  runCount: number;
  activities: Activity[];
  /** How far the first steps are. */
  steps: { annotated: number; started: boolean; finished: boolean; ownData: boolean };
}

export function homeOf(annotatorId: number, now: number): Home {
  const queues = listQueues(annotatorId);
  const latest = listRuns(newest).filter(({ archived }) => !archived);
  const jobs = jobsAt(now);
  const running = jobs.find(({ kind, status }) => kind === "run" && status === "running");
  return {
    next: nextDataset(queues, annotatorId),
    jobs,
    losses: running ? lossesOf(running.id) : [],
    alert: newestAlerts(1).find(({ at }) => now - at < 7 * dayMs) ?? null,
    datasets: queues.toSorted((a, b) => Number(isDone(a)) - Number(isDone(b)) || b.id - a.id).slice(0, most.datasets),
    datasetCount: queues.length,
    runs: latest.toSorted((a, b) => interest(a, now) - interest(b, now)).slice(0, most.runs),
    runCount: appDb().select({ all: count() }).from(runs).where(isNull(runs.archivedAt)).get()!.all,
    activities: activities(most.activities),
    steps: {
      annotated: queues.reduce((sum, { progress }) => sum + progress.judged, 0),
      started: latest.length > 0,
      finished: latest.some(({ status }) => status === "finished"),
      ownData: hasOwnRun(),
    },
  };
}

const isDone = ({ progress }: QueueDto) => progress.judged >= progress.total;

function nextDataset(queues: QueueDto[], annotatorId: number): Home["next"] {
  const unfinished = queues.filter((queue) => !isDone(queue));
  const last = lastAnnotated(annotatorId).flatMap((id) => unfinished.find((queue) => queue.id === id) ?? []);
  const dataset = last[0] ?? unfinished[0];
  return dataset ? { dataset, paceMs: paceOf(annotatorId, dataset.id) } : null;
}

/** Running ones first, then those that failed in the last day, then the newest. */
const interest = ({ status, finishedAt }: RunSummary, now: number): number =>
  status === "running" ? 0 : status === "failed" && now - (finishedAt ?? 0) < dayMs ? 1 : 2;

/** Whether any run learnt from what people annotated here, or brought along. */
const hasOwnRun = (): boolean => {
  const data = sql`json_extract(${runs.config}, '$.data.train')`;
  const own = or(like(data, "%snapshot:%"), like(data, "%labelled:%"));
  return appDb().select({ id: runs.id }).from(runs).where(own).limit(1).get() !== undefined;
};

function lossesOf(id: string): number[] {
  const view = { columns: 60 };
  const line = drawn([curveOf(id, "loss", "step", { ...view, smooth: 0 })], view);
  return (line?.y ?? []).filter((value): value is number => value !== null);
}
