// Where the launch form starts: at the demo, at a queue that is to be trained on, or as another run was launched.
import "server-only";
import { basename } from "node:path";
import { eq } from "drizzle-orm";
import { appDb } from "../db/client";
import { queues, runs, snapshots } from "../db/schema";
import { runFolder } from "../env";
import { AppError } from "../errors";
import { demoPreset, presets } from "./presets";
import { found } from "./queries";
import { sampleSets } from "./samples";
import type { FormStart } from "./schema";

export const demoStart: FormStart = {
  preset: demoPreset.id,
  name: demoPreset.name,
  set: `sample:${demoPreset.data.id}`,
  config: demoPreset.config,
  parent: undefined,
};

/** The preset for ranked pairs, on this queue's. */
export function queueStart(id: number): FormStart {
  const queue = appDb().select().from(queues).where(eq(queues.id, id)).get();
  if (!queue) throw new AppError(404, `There is no queue ${id}.`);
  const preset = presets.find(({ data }) => data.kind === "queue")!;
  return {
    preset: preset.id,
    name: `${queue.name}, ${preset.name}`.slice(0, 80),
    set: `queue:${id}`,
    config: preset.config,
    parent: undefined,
  };
}

/** As run `id` was launched, on the same data as it stands now; with `step`, from its checkpoint there. */
export function cloneStart(id: string, step: number | null): FormStart {
  const run = found(id);
  if (run.origin) throw new AppError(400, `${run.name} was made elsewhere; only its metrics are here.`);
  const config = withRuns(run.config);
  const fork = step !== null && run.config.adapter !== null;
  return {
    preset: "",
    name: `${run.name}, ${fork ? `from step ${step}` : "again"}`.slice(0, 80),
    set: setOf(run.config.data.train),
    config: fork ? { ...config, adapter: { ...run.config.adapter, init: `run:${id}@${step}` } } : config,
    parent: { run: id, step },
  };
}

function setOf(train: string | null): string {
  const sample = sampleSets.find(({ path }) => path === train);
  if (sample) return `sample:${sample.id}`;
  const snapshot = Number(/^snapshot:(\d+)$/.exec(train ?? "")?.[1]);
  const taken = appDb().select().from(snapshots).where(eq(snapshots.id, snapshot)).get();
  return taken ? `queue:${taken.queueId}` : demoStart.set;
}

/** Folders that runs left behind become `run:ID`, as the form's lists have them. */
function withRuns(config: object): Record<string, unknown> {
  const known = appDb().select({ id: runs.id }).from(runs).all();
  const idOf = (path: string) =>
    known.find(({ id }) => path === runFolder(id) || path.startsWith(`${runFolder(id)}/`))?.id;
  return JSON.parse(JSON.stringify(config), (_, value) => {
    const id = typeof value === "string" && basename(value) !== value ? idOf(value) : undefined;
    return id === undefined ? value : `run:${id}`;
  }) as Record<string, unknown>;
}
