// Evaluates a run, and the model that it was trained from where that was never asked the same: what tuning has brought and what it has cost.
import "server-only";
import { AppError } from "../../spec/errors";
import { type EvaluationReport, type EvaluationSettings, evaluationReport } from "../../spec/evaluations";
import type { Run } from "../db/tables/runs";
import { latestStep } from "../history/metric-rows";
import { type JobHandle, jobOf } from "../jobs/background";
import { reportOf } from "../jobs/workbench";
import { requireAllowedPath, requireMayRunProgram } from "../runs/allowed";
import { requirePolicy } from "../runs/model-files";
import { requireRun } from "../runs/require-run";
import { modelOf } from "../runs/served-model";
import { heldOptions, type ServedModel } from "../serving/warm-server";
import type { NewEvaluation } from "./evaluation-schema";
import { type Base, baseOf, comparedWith, evaluationsOfBase, keepEvaluation, settingsKey } from "./store";

/** A large model takes minutes a task. */
const patienceMs = 12 * 3_600_000;

const keyOf = (id: string) => `evaluation of ${id}`;
const about = ({ id, name }: Run) =>
  ({ kind: "measurement", title: `${name}: evaluation`, href: `/runs/${id}/evaluations` }) as const;

/** The evaluation of a run that goes on or failed last; null where there is none. */
export function evaluationInHand(id: string) {
  const { id: job, said, progress, error } = jobOf(keyOf(id), about(requireRun(id)), async () => {}, "no");
  return job === null ? null : { id: job, said, progress, error };
}

/** Does `work` as the run's evaluation. Throws where one goes on, or there is no model. */
export function inHand(run: Run, work: (job: JobHandle) => Promise<void>): void {
  if (run.origin !== null) throw new AppError(400, "This run was made by another program; its model is not here.");
  const running = evaluationInHand(run.id);
  if (running && running.error === null)
    throw new AppError(409, "This run is being evaluated; the jobs menu shows how far that is.");
  jobOf(keyOf(run.id), about(run), work, "again");
}

/** What `workbench WORDS` finds of a model. */
export const foundBy = (
  job: JobHandle,
  words: string[],
  options: Record<string, string | string[]>,
): Promise<EvaluationReport> => reportOf(evaluationReport, words, { options, job, timeoutMs: patienceMs });

/** Begins it as a job. Throws where it cannot be, or one goes on. */
export function startEvaluation(id: string, { step, ...given }: NewEvaluation, startedBy: number | null): void {
  const run = requireRun(id);
  requirePolicy(run);
  const { tasks, ...asked } = given;
  const folder = asked.folder === null ? null : allowedTasks(asked.folder);
  const settings: EvaluationSettings = { ...asked, folder, preferences: null };
  const model = modelOf(id, step);
  const reached = step ?? latestStep(id);
  inHand(run, async (job) => {
    const base = comparedWith(run);
    const missing = base === null ? [] : notAsked(base, tasks, settings);
    if (base !== null && missing.length > 0)
      await evaluate(job, { ...base, adapter: null }, missing, { run: null, base, settings, startedBy });
    await evaluate(job, model, tasks, { run: { id, step: reached }, base: baseOf(run), settings, startedBy });
  });
}

/** Those of the tasks that the base has never been asked so. */
function notAsked(base: Base, tasks: string[], settings: EvaluationSettings): string[] {
  const known = evaluationsOfBase(base).filter((one) => settingsKey(one.settings) === settingsKey(settings));
  return tasks.filter((task) => known.every(({ asked }) => asked !== task));
}

/** Task files are programs: lm-eval runs the functions that they name. */
function allowedTasks(folder: string): string {
  const path = requireAllowedPath("folder", folder);
  requireMayRunProgram(["folder"], "evaluate with task files of one's own: ask one, or name tasks that lm-eval has");
  return path;
}

async function evaluate(
  job: JobHandle,
  { source, dtype, adapter, ...held }: ServedModel,
  tasks: string[],
  asked: {
    run: { id: string; step: number } | null;
    base: Base;
    settings: EvaluationSettings;
    startedBy: number | null;
  },
): Promise<void> {
  const { folder, limit, fewShot, chatTemplate } = asked.settings;
  const options = {
    ...{ tasks: tasks.join(","), dtype, prompts: chatTemplate ? "chat" : "plain" },
    ...(adapter !== null && { adapter }),
    ...heldOptions(held),
    ...(folder !== null && { folder }),
    ...(limit !== null && { limit: String(limit) }),
    ...(fewShot !== null && { "few-shot": String(fewShot) }),
  };
  const report = await foundBy(job, ["evaluate", source], options);
  await keepEvaluation(asked, report, Date.now());
}
