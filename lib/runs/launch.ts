// From what the form, the demo button or a script describes to runs in the queue.
import "server-only";
import { count, eq } from "drizzle-orm";
import { runFolder } from "../../common/env";
import { modelPath } from "../../common/model-paths";
import { type Method, problemList, problems, type RunConfig, runConfig } from "../../spec/config";
import { AppError } from "../../spec/errors";
import { sourcesOf, type TrainData, trainDataOf } from "../../spec/fields/data-sources";
import type { LabelKind } from "../../spec/label-kinds";
import { namedTexts } from "../../spec/methods/sampling-of";
import { withValue } from "../../spec/paths";
import { asksSingle, asksSteps } from "../annotation/items/asks-single";
import { queueOf } from "../annotation/queues/require-queue";
import { withNumber } from "../datasets/data-files";
import { labelledNamed } from "../datasets/labelled/labelled-name";
import { labelledNow, labelledSet } from "../datasets/labelled/labelled-sets";
import { requireReadable } from "../datasets/require-readable";
import { createFreezer, type Freezer } from "../datasets/snapshots/freezer";
import { isBusy } from "../db/busy";
import { appDb } from "../db/client";
import { type Run, runs, sweeps } from "../db/tables/runs";
import { machineNamed } from "../machines/machines";
import { requireAllowedFiles } from "./allowed";
import { newRunId } from "./attempts";
import type { ChosenSet } from "./chosen-sets";
import { turnBefore } from "./queue-order";
import { withFolders } from "./references";
import { requireJudge } from "./require-judge";
import { rowsOfSet } from "./rows-of-set";
import { type LaunchInput, trainFirst } from "./run-schema";
import { requireFields, requireMeasured, type Variant, variantName, variants, withValues } from "./sweep";
import { unsuited } from "./unsuited";

/** A run as its row will have it. `after` are runs that it builds on and that have not finished. */
export interface Described {
  config: RunConfig;
  after: string[];
}

/** Folders that `after` will leave something in. */
export const later = ({ after }: Described): string[] => after.map(runFolder);

/** What the form says of a run's data and config. */
export type DescribedRun = Pick<LaunchInput, "data" | "config" | "evaluation">;

/** Fills in data and output. Throws every problem of the config. */
export function resolveRun({ data, evaluation, config }: DescribedRun, output: string, freeze: Freezer): Described {
  const given = typeof config.data === "object" && config.data !== null ? config.data : {};
  const { config: whole, after } = withFolders(config);
  const described = {
    ...whole,
    method: config.method,
    data: {
      ...given,
      train: trainingData(data, config, freeze),
      ...evaluationData(evaluation, given, config, freeze),
    },
    output,
  };
  requireAllowedFiles(described);
  const parsed = runConfig.safeParse(described);
  if (!parsed.success)
    throw new AppError(400, problems(parsed.error).join("\n"), { problems: problemList(parsed.error) });
  const { train, eval: heldOut } = parsed.data.data;
  const texts = namedTexts(parsed.data);
  for (const source of [...sourcesOf(train).map((one) => one.source), heldOut ?? [], texts?.source ?? []].flat())
    requireReadable(source);
  requireModel(parsed.data.model.source);
  requireJudge(parsed.data);
  const { machine } = parsed.data;
  if (machine !== null) asProblem("machine", () => machineNamed(machine));
  if (!texts) return { config: parsed.data, after };
  const kept = numbered(texts.field, texts.source, "sft", config, freeze);
  return { config: withValue(parsed.data, texts.field, kept) as RunConfig, after };
}

export interface Planned extends Described {
  id: string;
  name: string;
}

/** Every run of a launch in its order: what has to come first, then the run, or those of its sweep. */
export function plan(input: LaunchInput, now: number, freeze = createFreezer(now)): Planned[] {
  const { data, evaluation } = input;
  if (input.sweep) requireFields(input.config.method, input.sweep);
  const first = input.first && planned(input.first.name, { data, config: input.first.config }, now, freeze);
  const config = first ? replaced(input.config, trainFirst, runFolder(first.id)) : input.config;
  const own = (input.sweep ? variants(input.sweep) : [{}]).map((variant): Planned => {
    const made = planned(
      nameOf(input, variant),
      { data, evaluation, config: withValues(config, variant) },
      now,
      freeze,
    );
    if (input.sweep) requireMeasured(made.config, input.sweep);
    return first ? { ...made, after: [...made.after, first.id] } : made;
  });
  return first ? [first, ...own] : own;
}

const nameOf = ({ name, sweep }: LaunchInput, variant: Variant) => (sweep ? variantName(name, variant) : name);

function planned(name: string, described: DescribedRun, now: number, freeze: Freezer): Planned {
  const id = newRunId(now);
  return { id, name, ...resolveRun(described, runFolder(id), freeze) };
}

const replaced = (config: LaunchInput["config"], word: string, by: string): LaunchInput["config"] =>
  JSON.parse(JSON.stringify(config), (_, value) => (value === word ? by : value));

/** Puts the runs into the queue, all or none, each with the bytes that it needs, where they are known. `startedBy`: whoever asked for them, if that is known. */
export function launch(
  planned: (Planned & { memory?: number | null })[],
  input: Pick<LaunchInput, "parent" | "sweep" | "notBefore" | "priority">,
  now: number,
  startedBy: number | null = null,
): { id: string; ids: string[] } {
  const { parent, sweep, notBefore = null, priority = "normal" } = input;
  requireRoom(planned.length);
  const shared = sweep ? newRunId(now) : null;
  const halving = sweep?.halving;
  const turns = turnsFor(planned, startedBy, priority, now);
  const isNeeded = (id: string) => planned.some(({ after }) => after.includes(id));
  const rows = planned.map(({ id, name, config, after, memory = null }, i) => ({
    ...{ id, name, config, after, notBefore, startedBy, priority, sweep: shared },
    memory: memory === null ? null : Math.ceil(memory), // estimates are fractions
    createdAt: now + i,
    turn: turns[i]!,
    rung: halving && !isNeeded(id) ? 0 : null,
    method: config.method satisfies Method,
    status: "queued" as const,
    parentRun: parent?.run ?? null,
    parentStep: parent?.step ?? null,
  }));
  appDb().transaction((tx) => {
    if (shared && halving) tx.insert(sweeps).values({ id: shared, halving }).run();
    tx.insert(runs).values(rows).run();
  });
  return { id: rows.at(-1)!.id, ids: rows.map(({ id }) => id) };
}

/** One after the other, of each machine that they are for. */
function turnsFor(planned: Planned[], startedBy: number | null, priority: Run["priority"], now: number): number[] {
  const last = new Map<string | null, number>();
  return planned.map(({ config: { machine } }) => {
    const turn = (last.get(machine) ?? turnBefore({ startedBy, priority, machine }, now)) + 1;
    last.set(machine, turn);
    return turn;
  });
}

/** Runs that may wait at a time: a runner works them off one by one. */
const mostWaiting = 300;

function requireRoom(more: number): void {
  const { waiting } = appDb().select({ waiting: count() }).from(runs).where(eq(runs.status, "queued")).get()!;
  if (waiting + more > mostWaiting)
    throw new AppError(
      429,
      `${waiting} runs are queued already, and ${more} more would exceed ${mostWaiting}: let some finish, or cancel them.`,
    );
}

function trainingData(data: LaunchInput["data"], config: LaunchInput["config"], freeze: Freezer): TrainData {
  const sets = Array.isArray(data) ? data : [{ ...data, weight: 1 }];
  return trainDataOf(sets.map((set) => ({ source: setFile(set, config, freeze, "data.train"), weight: set.weight })));
}

/** What the request chose, or its config names: as rows that stay the same however often the run is resumed. */
function evaluationData(chosen: ChosenSet | undefined, given: object, config: LaunchInput["config"], freeze: Freezer) {
  if (chosen) return { eval: setFile(chosen, config, freeze, "data.eval") };
  if (!("eval" in given) || typeof given.eval !== "string") return {};
  return { eval: numbered("data.eval", given.eval, config.method, config, freeze) };
}

/** What the field names, as `method` reads it, in the version of now where it names none. */
function numbered(
  field: string,
  named: string,
  method: string,
  config: LaunchInput["config"],
  freeze: Freezer,
): string {
  const source = asProblem(field, () => withNumber(named, config, freeze));
  const labelled = labelledNamed(source);
  if (!labelled) return source;
  const newest = labelledFile(labelled.id, method, field);
  return labelled.version === null ? newest : source;
}

function setFile(
  data: ChosenSet,
  config: LaunchInput["config"],
  freeze: Freezer,
  field: "data.train" | "data.eval",
): string {
  if (data.kind === "labelled") requireSuited(config.method, labelledSet(data.id), field);
  else if (data.kind === "queue" && asksSingle(data.id)) requireSuited(config.method, heldBy(data.id), field);
  return rowsOfSet(data, config, freeze);
}

const heldBy = (queueId: number): { name: string; holds: LabelKind } => ({
  name: queueOf(String(queueId)).name,
  holds: asksSteps(queueId) ? "stepwise" : "unpaired",
});

function labelledFile(id: number, method: string, field: string): string {
  requireSuited(method, labelledSet(id), field);
  return labelledNow(id);
}

function requireSuited(method: string, { name, holds }: { name: string; holds: LabelKind }, field: string): void {
  const problems = unsuited(method, { name, holds }, field);
  if (problems.length > 0) throw new AppError(400, problems.map(({ message }) => message).join(), { problems });
}

const requireModel = (source: string) => asProblem("model.source", () => modelPath(source));

/** The error of `work` as a problem of the field. */
function asProblem<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isBusy(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new AppError(400, `${path}: ${message}`, { cause: error, problems: [{ path, message }] });
  }
}
