import "server-only";
import { and, asc, desc, eq, inArray, ne, sql } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import type { LabelKind } from "../../spec/label-kinds";
import { flat } from "../../spec/paths";
import { listQueues } from "../annotation/queues/list-queues";
import type { QueueDto } from "../annotation/queues/queue-schema";
import { listLabelled } from "../datasets/labelled/labelled-sets";
import { sampleSets } from "../datasets/sample-sets";
import { appDb, metricsDb } from "../db/client";
import { alerts, answers, checks, histograms, logLines, points } from "../db/metrics-schema";
import { type Run, runs } from "../db/schema";
import { latestOf } from "../history/metric-rows";
import { stopAsked } from "../runner/claim";
import { failDependants, lostOf } from "../runner/dependants";
import { runnerAlive } from "../runner/heartbeat";
import { checkpointsOf, getRun } from "./attempts";
import { lineageOf } from "./lineage";
import { adapterFolder, requireRun } from "./require-run";
import {
  changedInputs,
  type RunDetail,
  type RunName,
  type RunSamples,
  type RunSummary,
  type SampleDto,
  type TrainingSet,
} from "./run-schema";

export function listRuns(): RunSummary[] {
  return appDb().select().from(runs).orderBy(desc(runs.createdAt)).all().map(summary);
}

export function runDetail(id: string): RunDetail {
  const run = requireRun(id);
  const checkpoints = checkpointsOf(id).map(({ step, createdAt }) => ({ step, createdAt }));
  return {
    ...summary(run),
    config: run.config,
    runnerAlive: runnerAlive(Date.now()),
    checkpoints,
    checks: metricsDb()
      .select({ name: checks.name, detail: checks.detail })
      .from(checks)
      .where(eq(checks.runId, id))
      .all(),
    alerts: metricsDb()
      .select({ rule: alerts.rule, step: alerts.step, measured: alerts.measured, at: alerts.at })
      .from(alerts)
      .where(eq(alerts.runId, id))
      .orderBy(asc(alerts.step))
      .all(),
    latest: latestOf(id),
    adapter: adapterFolder(id) !== null,
    lineage: lineageOf(run),
    changes: changesFrom(run),
  };
}

function changesFrom(run: Run): RunDetail["changes"] {
  const parent = run.parentRun && getRun(run.parentRun);
  if (!parent) return [];
  const [was, is] = [flat(parent.config), flat(run.config)];
  const paths = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return paths
    .filter((path) => path !== "output" && path !== "configVersion" && was[path] !== is[path])
    .map((path) => ({ path, was: was[path] ?? "", is: is[path] ?? "" }));
}

function summary(run: Run): RunSummary {
  const { id, name, method, config, status, totalSteps, createdAt, startedAt, finishedAt, note, error } = run;
  return {
    id,
    name,
    method,
    model: config.model.source,
    status,
    stopping: run.requested === "stop" || run.requested === "stop-now",
    inputsChanged: error?.includes(changedInputs) ?? false,
    totalSteps,
    createdAt,
    startedAt,
    finishedAt,
    note,
    error,
    ...measured(run),
    waitsFor: status === "queued" ? unfinished(run.after) : [],
    origin: run.origin,
  };
}

type Measured = Pick<RunSummary, "step" | "latest" | "alertCount" | "remainingMs">;

/** Of runs that have ended, so that a list of hundreds reads the points of those at work only. */
const ofEnded = new Map<string, { finishedAt: number; measured: Measured }>();
const mostRemembered = 5000;

/** What a run's points tell of it. */
function measured(run: Run): Measured {
  const known = ofEnded.get(run.id);
  if (known && known.finishedAt === run.finishedAt) return known.measured;
  const fresh = readMeasured(run);
  if (run.finishedAt === null) return fresh;
  if (ofEnded.size >= mostRemembered) ofEnded.delete(ofEnded.keys().next().value!);
  ofEnded.set(run.id, { finishedAt: run.finishedAt, measured: fresh });
  return fresh;
}

function readMeasured({ id, status, totalSteps }: Run): Measured {
  const recent = metricsDb()
    .select()
    .from(points)
    .where(eq(points.runId, id))
    .orderBy(desc(points.step))
    .limit(20)
    .all();
  return {
    step: recent[0]?.step ?? 0,
    remainingMs: status === "running" && totalSteps !== null ? remaining(recent, totalSteps) : null,
    latest: Object.assign({}, ...recent.toReversed().map((point) => point.values)),
    alertCount: metricsDb().select({ count: sql<number>`count(*)` }).from(alerts).where(eq(alerts.runId, id)).get()!
      .count,
  };
}

const unfinished = (ids: string[]): RunName[] =>
  appDb()
    .select({ id: runs.id, name: runs.name, status: runs.status })
    .from(runs)
    .where(and(inArray(runs.id, ids), ne(runs.status, "finished")))
    .all();

/** Steps left at the pace of the last ones that this attempt logged. */
function remaining(recent: { step: number; at: number; attempt: number }[], totalSteps: number): number | null {
  const own = recent.filter(({ at, attempt }) => attempt === recent[0]?.attempt && at > 0);
  const [newest, oldest] = [own[0], own.at(-1)];
  if (!newest || !oldest || newest.step === oldest.step) return null;
  return ((newest.at - oldest.at) / (newest.step - oldest.step)) * (totalSteps - newest.step);
}

function answersOf(runId: string): SampleDto[] {
  const rows = metricsDb()
    .select()
    .from(answers)
    .where(eq(answers.runId, runId))
    .orderBy(asc(answers.step), asc(answers.slot))
    .all();
  return rows.map(({ step, slot, prompt, answer, tokens, kl, reward, gold }) => ({
    step,
    slot,
    prompt: typeof prompt === "string" ? prompt : (prompt.at(-1)?.content ?? ""),
    answer,
    tokens,
    kl,
    reward,
    gold,
  }));
}

function logOf(runId: string): RunSamples["log"] {
  return metricsDb()
    .select({ at: logLines.at, text: logLines.text })
    .from(logLines)
    .where(eq(logLines.runId, runId))
    .orderBy(desc(logLines.seq))
    .limit(50)
    .all();
}

export const samplesOf = (runId: string): RunSamples => ({
  answers: answersOf(runId),
  log: logOf(runId),
  histograms: metricsDb()
    .select({
      step: histograms.step,
      name: histograms.name,
      low: histograms.low,
      high: histograms.high,
      counts: histograms.counts,
    })
    .from(histograms)
    .where(eq(histograms.runId, runId))
    .orderBy(asc(histograms.step))
    .all(),
});

/** What a run can be trained on: the sample sets, what people here decided and wrote, and files that came with their labels. */
export const trainingSets = (): TrainingSet[] => [
  ...sampleSets.map(
    ({ id, name, rows, about }): TrainingSet => ({ kind: "sample", id, name, ...counted("pairs", rows), about }),
  ),
  ...listQueues(0).flatMap(queueSets),
  ...listLabelled().map(
    ({ id, name, holds, rows, pairs }): TrainingSet => ({
      ...{ kind: "labelled", id, name, holds, rows, pairs },
      about: "Came with its labels, imported as it is",
    }),
  ),
];

const counted = (holds: LabelKind, rows: number) => ({ holds, rows, pairs: holds === "pairs" ? rows : 0 });

function queueSets({ id, name, decided, rewrites }: QueueDto): TrainingSet[] {
  const ranked = counted("pairs", decided);
  const written = counted("sft", rewrites);
  return [
    { kind: "queue", id, name, ...ranked, about: "Pairs ranked here, ties and skips left out" },
    ...(rewrites > 0
      ? [{ kind: "rewrites" as const, id, name, ...written, about: "Answers that annotators wrote themselves" }]
      : []),
  ];
}

/** `immediately`: without waiting for the step in hand. */
export function requestStop(id: string, immediately = false): void {
  const { status } = requireRun(id);
  if (status !== "queued" && status !== "running")
    throw new AppError(409, `This run is ${status}; there is nothing to stop.`);
  const now = Date.now();
  appDb().transaction((tx) => {
    tx.update(runs)
      .set({ status: "stopped", finishedAt: now })
      .where(and(eq(runs.id, id), eq(runs.status, "queued")))
      .run();
    tx.update(runs)
      .set({ requested: immediately ? "stop-now" : "stop" })
      .where(and(eq(runs.id, id), eq(runs.status, "running")))
      .run();
    stopAsked(tx, now);
    failDependants(tx, now);
  });
}

/** With `allowChanged` also where data or weights are not those that its last checkpoint was trained on. */
export function requestResume(id: string, allowChanged = false): void {
  const run = requireRun(id);
  if (run.status !== "stopped" && run.status !== "failed")
    throw new AppError(409, `This run is ${run.status}; only a stopped or failed one can be resumed.`);
  const lost = lostOf(appDb(), run);
  if (lost) throw new AppError(409, `${lost.name}, on which it builds, is ${lost.status}: resume that one first.`);
  appDb()
    .update(runs)
    .set({ status: "queued", requested: allowChanged ? "resume-changed" : null, finishedAt: null, error: null })
    .where(eq(runs.id, id))
    .run();
}

export const countRuns = () => appDb().select({ count: sql<number>`count(*)` }).from(runs).get()!.count;
