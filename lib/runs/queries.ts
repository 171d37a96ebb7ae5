import "server-only";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { and, asc, desc, eq, gt, max, sql } from "drizzle-orm";
import type { z } from "zod";
import { type Method, problems, type RunConfig, runConfig } from "../../trainers/config";
import type { MetricName } from "../../trainers/metrics";
import { modelPath } from "../../trainers/models/paths";
import { drawn } from "../compare/lines";
import { curveOf } from "../compare/queries";
import { appDb, metricsDb } from "../db/client";
import { alerts, answers, checks, logLines, points } from "../db/metrics-schema";
import { type Run, runs } from "../db/schema";
import { runFolder } from "../env";
import { AppError } from "../errors";
import { latestOf } from "../history/read";
import { chunksOf } from "../history/store";
import { listQueues } from "../queues/queries";
import { runnerAlive } from "../runner/heartbeat";
import { takeSnapshot } from "../snapshots/store";
import { sampleSets } from "./samples";
import type { AnswerDto, Curves, curvesInput, LaunchInput, Point, RunDetail, RunSummary, TrainingSet } from "./schema";
import { checkpointsOf, getRun } from "./store";

export function listRuns(): RunSummary[] {
  return appDb().select().from(runs).orderBy(desc(runs.createdAt)).all().map(summary);
}

export function runDetail(id: string): RunDetail {
  const run = found(id);
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
    found: metricsDb()
      .select({ rule: alerts.rule, step: alerts.step, measured: alerts.measured, at: alerts.at })
      .from(alerts)
      .where(eq(alerts.runId, id))
      .orderBy(asc(alerts.step))
      .all(),
    latest: latestOf(id),
    adapter: adapterFolder(id) !== null,
  };
}

/** The run, which is to be there. */
export function found(id: string): Run {
  const run = getRun(id);
  if (!run) throw new AppError(404, `There is no run ${id}.`);
  return run;
}

/** What a run was trained on top of. */
export const modelOfRun = (id: string): string => found(id).config.model.source;

function summary(run: Run): RunSummary {
  const { id, name, method, config, status, totalSteps, createdAt, startedAt, finishedAt, note, error } = run;
  const recent = metricsDb()
    .select()
    .from(points)
    .where(eq(points.runId, id))
    .orderBy(desc(points.step))
    .limit(20)
    .all();
  const step = recent[0]?.step ?? 0;
  return {
    id,
    name,
    method,
    model: config.model.source,
    status,
    stopping: run.requested === "stop",
    step,
    totalSteps,
    remainingMs: status === "running" && totalSteps !== null ? remaining(recent, totalSteps) : null,
    createdAt,
    startedAt,
    finishedAt,
    note,
    error,
    latest: Object.assign({}, ...recent.reverse().map((point) => point.values)),
    alerts: metricsDb().select({ count: sql<number>`count(*)` }).from(alerts).where(eq(alerts.runId, id)).get()!.count,
  };
}

/** Steps left at the pace of the last ones that this attempt logged. */
function remaining(recent: { step: number; at: number; attempt: number }[], totalSteps: number): number | null {
  const own = recent.filter(({ at, attempt }) => attempt === recent[0]?.attempt && at > 0);
  const [newest, oldest] = [own[0], own.at(-1)];
  if (!newest || !oldest || newest.step === oldest.step) return null;
  return ((newest.at - oldest.at) / (newest.step - oldest.step)) * (totalSteps - newest.step);
}

/** Points after `seq`, or null where that one has left the newest rows: whoever had it has missed some, or some were taken back. */
export function pointsAfter(runId: string, seq: number): Point[] | null {
  const own = eq(points.runId, runId);
  const db = metricsDb();
  const known =
    seq === 0
      ? chunksOf(db, runId) === 0
      : db
          .select({ one: points.seq })
          .from(points)
          .where(and(own, eq(points.seq, seq)))
          .get() !== undefined;
  if (!known) return null;
  return db
    .select({ seq: points.seq, step: points.step, at: points.at, values: points.values })
    .from(points)
    .where(and(own, gt(points.seq, seq)))
    .orderBy(asc(points.seq))
    .all();
}

export const newestPoint = (runId: string): number =>
  metricsDb()
    .select({ seq: max(points.seq) })
    .from(points)
    .where(eq(points.runId, runId))
    .get()!.seq ?? 0;

/** Every metric of a run for charts, and the point from which on to follow it. */
export function curvesOf(id: string, view: z.infer<typeof curvesInput>): Curves {
  return metricsDb().transaction((): Curves => {
    const names = (Object.keys(latestOf(id)) as MetricName[]).filter((name) => !name.endsWith("_se"));
    const lines = names.flatMap((name) => {
      const line = drawn([curveOf(id, name, "step", { ...view, smooth: 0 })], view);
      return line ? [[name, line] as const] : [];
    });
    return { seq: newestPoint(id), lines: Object.fromEntries(lines), added: 0 };
  });
}

export function answersOf(runId: string): AnswerDto[] {
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

export function logOf(runId: string): { at: number; text: string }[] {
  return metricsDb()
    .select({ at: logLines.at, text: logLines.text })
    .from(logLines)
    .where(eq(logLines.runId, runId))
    .orderBy(desc(logLines.seq))
    .limit(50)
    .all();
}

/** What a run can be trained on: the sample sets, and every queue with decided pairs. */
export function trainingSets(): TrainingSet[] {
  const fromQueues = listQueues(0).flatMap(({ id, name, decided, rewrites }): TrainingSet[] => [
    { kind: "queue", id, name, rows: decided, about: "Pairs ranked here, ties and skips left out" },
    ...(rewrites > 0
      ? [{ kind: "rewrites" as const, id, name, rows: rewrites, about: "Answers that annotators wrote themselves" }]
      : []),
  ]);
  return [
    ...sampleSets.map(({ id, name, rows, about }): TrainingSet => ({ kind: "sample", id, name, rows, about })),
    ...fromQueues,
  ];
}

/** The run that the form or the demo button describes, with its data and its folder filled in. Throws what is wrong with it. */
export function resolveRun({ data, config }: Omit<LaunchInput, "name">, output: string, now: number): RunConfig {
  const given = typeof config.data === "object" && config.data !== null ? config.data : {};
  const parsed = runConfig.safeParse({
    ...withFolders(config),
    data: { ...given, train: trainingFile(data, now) },
    output,
  });
  if (!parsed.success) throw new AppError(400, problems(parsed.error).join("\n"));
  requireModel(parsed.data.model.source);
  return parsed.data;
}

/** `run:ID` stands for the folder of what that run left behind. */
function withFolders(config: LaunchInput["config"]): LaunchInput["config"] {
  return JSON.parse(JSON.stringify(config), (_, value) => {
    const id = typeof value === "string" ? /^run:(\w+)$/.exec(value)?.[1] : undefined;
    if (id === undefined) return value;
    const folder = adapterFolder(id);
    if (!folder) throw new AppError(400, `Run ${id} has left no adapter behind; pick a finished one.`);
    return folder;
  });
}

/** Puts a run into the queue. */
export function launchRun({ name, ...described }: LaunchInput, now: number): { id: string } {
  const id = `${now.toString(36)}${randomBytes(3).toString("hex")}`;
  const config = resolveRun(described, runFolder(id), now);
  appDb()
    .insert(runs)
    .values({ id, name, method: config.method satisfies Method, config, status: "queued", createdAt: now })
    .run();
  return { id };
}

function trainingFile(data: LaunchInput["data"], now: number): string {
  if (data.kind === "sample") {
    const set = sampleSets.find(({ id }) => id === data.id);
    if (!set) throw new AppError(400, `There is no sample set ${data.id}.`);
    return set.path;
  }
  const snapshot = takeSnapshot(data.id, data.kind === "queue" ? "pairs" : "rewrites", now);
  if (!snapshot)
    throw new AppError(
      400,
      `This queue has no ${data.kind === "queue" ? "ranked pairs" : "rewrites"} yet; make some first.`,
    );
  return `snapshot:${snapshot.id}`;
}

function requireModel(source: string): void {
  try {
    modelPath(source);
  } catch (error) {
    throw new AppError(400, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

export function requestStop(id: string): void {
  const run = found(id);
  if (run.status === "queued")
    appDb()
      .update(runs)
      .set({ status: "stopped", finishedAt: Date.now() })
      .where(and(eq(runs.id, id), eq(runs.status, "queued")))
      .run();
  else if (run.status === "running") appDb().update(runs).set({ requested: "stop" }).where(eq(runs.id, id)).run();
  else throw new AppError(409, `This run is ${run.status}; there is nothing to stop.`);
}

export function requestResume(id: string): void {
  const run = found(id);
  if (run.status !== "stopped" && run.status !== "failed")
    throw new AppError(409, `This run is ${run.status}; only a stopped or failed one can be resumed.`);
  appDb()
    .update(runs)
    .set({ status: "queued", requested: null, finishedAt: null, error: null })
    .where(eq(runs.id, id))
    .run();
}

/** The finished adapter, else the newest checkpoint's. */
export function adapterFolder(id: string): string | null {
  const candidates = [runFolder(id), ...checkpointsOf(id).map(({ folder }) => folder)];
  return candidates.find((folder) => existsSync(join(folder, "adapter_model.safetensors"))) ?? null;
}

export const countRuns = () => appDb().select({ count: sql<number>`count(*)` }).from(runs).get()!.count;
