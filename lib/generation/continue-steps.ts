// "Continue from the right steps" on the page of a dataset: `workbench step-pairs`, as a job of the menu.
import "server-only";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { isWholeModel } from "../../common/whole-model";
import type { stepPairsConfig } from "../../spec/config";
import { AppError } from "../../spec/errors";
import { isLabelledName, labelledNow } from "../datasets/labelled/labelled-sets";
import { requireWrongSolution } from "../datasets/snapshots/wrong-solutions";
import type { Queue } from "../db/tables/queues";
import { backgroundJobs, type JobHandle } from "../jobs/background";
import { adapterFolder, requireRun } from "../runs/require-run";
import { claim, follow, printed, release, scratchFolder } from "./at-work";
import type { FillState } from "./fill-schema";
import type { StepPairsInput } from "./step-pairs-input";
import { madePairs, type StepPairsState } from "./step-pairs-schema";
import { weightsOf } from "./writers";

type Work = Pick<StepPairsState, "job" | "made">;
// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { stepPairs?: Map<number, Work> };
const works = (): Map<number, Work> => {
  shared.stepPairs ??= new Map();
  return shared.stepPairs;
};

const none: StepPairsState = { job: null, running: false, said: "", progress: null, error: null, made: null };
const left = "The dataset of pairs is made at the end only.";

export function stepPairsOf(queueId: number): StepPairsState {
  const work = works().get(queueId);
  const job = backgroundJobs().find(({ id }) => id === work?.job);
  if (!work || !job) return none;
  const { said, progress, status, endedAt } = job;
  const error = status === "stopped" ? `Cancelled. ${left}` : job.error;
  return { ...work, running: endedAt === null, said, progress, error };
}

type Dataset = Pick<Queue, "id" | "name">;

/** What is wrong with the request is said at once; whether any continuation is right, by the job. */
export function startStepPairs(dataset: Dataset, input: StepPairsInput, now: number): StepPairsState {
  const config = configOf(input);
  requireWrongSolution(dataset);
  requireFreeName(input.name);
  const state = claim(dataset.name);
  try {
    const file = join(scratchFolder(), `steps-${now}.json`);
    writeFileSync(file, JSON.stringify(config));
    begin(state, dataset, file, input);
  } catch (error) {
    release();
    throw error;
  }
  return stepPairsOf(dataset.id);
}

function begin(state: FillState, { id, name }: Dataset, file: string, input: StepPairsInput): void {
  const title = `Right steps for ${name}`;
  const about = { kind: "generation", title, href: `/datasets/${id}#continue`, left } as const;
  const work = async (job: JobHandle) => {
    works().set(id, { job: job.id, made: null });
    const output = await printed(["step-pairs", file, String(id), input.name], job);
    works().set(id, { job: job.id, made: { ...madePairs.parse(JSON.parse(output)), writer: input.writer } });
  };
  follow(state, about, work, [file]);
}

/** Said before a model is loaded. */
function requireFreeName(name: string): void {
  if (!isLabelledName(name)) return;
  const message = `There is a labelled dataset ${name} already; give this one another name.`;
  throw new AppError(409, message, { problems: [{ path: "name", message }] });
}

/** As the command reads it. */
function configOf({ writer, verdict, name: _, ...sampling }: StepPairsInput): z.input<typeof stepPairsConfig> {
  const { model, adapter } = weightsOf("writer", writer);
  const answers = verdict.by === "answer" ? newestOf(verdict.answers) : null;
  const reward = rewardOf(verdict, sampling.judged, model);
  return { model: { source: model }, adapter, ...sampling, answers, reward };
}

/** As runs name what it holds by now. Throws a 404 where whoever asks may not read it. */
const newestOf = (labelled: string): string => labelledNow(Number(labelled.slice("labelled:".length)));

function rewardOf(verdict: StepPairsInput["verdict"], judged: StepPairsInput["judged"], base: string) {
  if (verdict.by === "oracle") return { gold: verdict.task };
  if (verdict.by === "pattern") return { rules: { pattern: { expression: verdict.expression } } };
  if (verdict.by === "answer") return { rules: { answer: { column: verdict.column, match: verdict.match } } };
  return { model: judgeOfSteps(verdict.run, base), steps: judged === "step" ? "last" : "minimum" } as const;
}

/** The process reward model that a run has trained; an adapter judges over the model that it was trained on alone. */
function judgeOfSteps(id: string, base: string): string {
  const { name, config } = requireRun(id);
  const folder = adapterFolder(id);
  if (config.method !== "prm" || !folder)
    throw new AppError(400, `Run ${name} has trained no process reward model; choose a finished one that did.`);
  if (!isWholeModel(folder) && config.model.source !== base)
    throw new AppError(
      400,
      `Run ${name} judges steps by an adapter on ${config.model.source}, and ${base} is to continue; choose a model on ${config.model.source}.`,
    );
  return folder;
}
