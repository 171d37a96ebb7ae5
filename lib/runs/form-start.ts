// Where the launch form starts: at the demo, at a queue that is to be trained on, or as another run was launched.
import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { RunConfig } from "../../spec/config";
import { AppError } from "../../spec/errors";
import { sourcesOf } from "../../spec/fields/data-sources";
import type { LabelKind } from "../../spec/label-kinds";
import { allMethods } from "../../spec/methods/all";
import { storedConfig } from "../../spec/stored-config";
import { labelledSet } from "../datasets/labelled/labelled-sets";
import { appDb } from "../db/client";
import { queues } from "../db/tables/queues";
import type { Run } from "../db/tables/runs";
import { defaultModel } from "../settings/default-model";
import { sourceOf } from "./data-source";
import { demoPreset, presets } from "./presets";
import { withRuns } from "./references";
import { adapterFolder, checkpointFolder, requireRun } from "./require-run";
import type { FormStart } from "./run-schema";

export const demoStart: FormStart = {
  preset: demoPreset.id,
  name: demoPreset.name,
  set: `sample:${demoPreset.data.id}`,
  config: demoPreset.config,
  parent: undefined,
  parentName: "",
};

/** Runs on one's own data begin with the model that was chosen in the settings. */
function onDefaultModel(config: FormStart["config"]): FormStart["config"] {
  const source = defaultModel();
  return source === null ? config : { ...config, model: { source } };
}

/** The preset for ranked pairs, on this queue's. */
export function queueStart(id: number): FormStart {
  const queue = appDb()
    .select()
    .from(queues)
    .where(and(eq(queues.id, id), isNull(queues.deletedAt)))
    .get();
  if (!queue) throw new AppError(404, `There is no dataset ${id}.`);
  const preset = presets.find(({ data }) => data.kind === "queue")!;
  if (queue.mode === "single") return startOn(`queue:${id}`, queue.name, "unpaired");
  if (queue.mode === "steps") return startOn(`queue:${id}`, queue.name, "stepwise");
  return {
    preset: preset.id,
    name: `${queue.name}, ${preset.name}`.slice(0, 80),
    set: `queue:${id}`,
    config: onDefaultModel(preset.config),
    parent: undefined,
    parentName: "",
  };
}

/** The first method that is made for such data, else the first that reads them. */
const methodFor = (kind: LabelKind) =>
  allMethods.find(({ reads }) => reads[0] === kind) ?? allMethods.find(({ reads }) => reads.includes(kind))!;

/**
 * The preset for ranked pairs, on a labelled dataset, with the method that its rows are for. `writer` is `base:MODEL` or `run:ID`: what wrote
 * the answers goes on learning.
 */
export function labelledStart(id: number, writer?: string): FormStart {
  const { name, holds } = labelledSet(id);
  const start = startOn(`labelled:${id}`, name, holds);
  return writer === undefined ? start : { ...start, config: { ...start.config, ...writerOf(writer) } };
}

function writerOf(writer: string): Partial<FormStart["config"]> {
  const [, kind, name] = /^(base|run):(.+)$/.exec(writer) ?? [];
  if (name === undefined) throw new AppError(400, `${writer} names no model: write base:MODEL or run:ID.`);
  if (kind === "base") return { model: { source: name } };
  const run = requireRun(name);
  const stored = readable(run);
  return { model: stored.model, ...startFrom(run, stored, "last") };
}

function startOn(set: string, name: string, holds: LabelKind): FormStart {
  const { name: method, label } = methodFor(holds);
  const { config } = presets.find(({ data }) => data.kind === "queue")!;
  return {
    preset: "",
    name: `${name}, ${label}`.slice(0, 80),
    set,
    config: onDefaultModel({ ...config, method }),
    parent: undefined,
    parentName: "",
  };
}

/** The demo on another model. */
export const modelStart = (source: string): FormStart => ({
  ...demoStart,
  preset: "",
  name: `${source.split("/").at(-1)}, ${demoPreset.name}`.slice(0, 80),
  config: { ...demoPreset.config, model: { source } },
});

/** As run `id` was launched, on the same data as it stands now; with `step`, from its checkpoint there, or from what it left in the end. */
export function cloneStart(id: string, step: number | "last" | null): FormStart {
  const run = requireRun(id);
  if (run.origin) throw new AppError(400, `${run.name} is an imported run; only its metrics are here.`);
  const stored = readable(run);
  const { config } = withRuns(stored);
  const fork = step !== null;
  const at = typeof step === "number" ? `@${step}` : "";
  return {
    preset: "",
    name: `${run.name} ${fork ? at || "(continued)" : "(copy)"}`.slice(0, 80),
    ...setsOf(stored),
    config: { ...config, model: stored.model, ...(step !== null && startFrom(run, stored, step)) },
    parent: { run: id, step: step === "last" ? null : step },
    parentName: run.name,
  };
}

/** An adapter goes on where it was; where every weight was trained, the run's model is the new one's. */
function startFrom({ id, name }: Run, { adapter, model }: RunConfig, step: number | "last"): object {
  const init = typeof step === "number" ? `run:${id}@${step}` : `run:${id}`;
  if (adapter) return { adapter: { ...adapter, ...(adapter.type === "lora" && { modulesToSave: [] }), init } }; // it brings its own
  const source = typeof step === "number" ? checkpointFolder(id, step) : adapterFolder(id);
  if (source === null) throw new AppError(400, `${name} has saved no model yet; choose a run that has.`);
  return { model: { ...model, source } };
}

/** The sets of a run as the form has them. Those that are not the workbench's own are left out, and the demo's stands where none is left. */
function setsOf({ data }: RunConfig): Pick<FormStart, "set" | "mix" | "evaluation" | "unlisted"> {
  const all = sourcesOf(data.train).map(({ source, weight }) => ({ source, set: sourceOf(source)?.set, weight }));
  const sets = all.flatMap(({ set, weight }) => (set === undefined ? [] : { set, weight: String(weight) }));
  const [first = { set: demoStart.set, weight: "1" }, ...others] = sets;
  const evaluation = (data.eval && sourceOf(data.eval)?.set) || undefined;
  const isMixed = others.length > 0 || first.weight !== "1";
  const unlisted = [
    ...all.flatMap(({ set, source }) => (set === undefined ? `trained on ${source}` : [])),
    ...(data.eval && evaluation === undefined ? [`evaluated on ${data.eval}`] : []),
  ];
  return {
    ...{ set: first.set, evaluation },
    ...(isMixed && { mix: { weight: first.weight, others: others.map((one, id) => ({ ...one, id })) } }),
    ...(unlisted.length > 0 && { unlisted }),
  };
}

/** Its config as this version of the workbench says it. */
function readable({ config }: Run): RunConfig {
  try {
    return storedConfig(config);
  } catch (cause) {
    throw new AppError(400, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
