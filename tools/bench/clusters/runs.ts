// Runs on the tiny model by jobs of a cluster, under the runner's own code, and what became of each beside the same run here.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { runFolder } from "../../../common/env";
import { appDb } from "../../../lib/db/client";
import { leases, runs } from "../../../lib/db/tables/runs";
import { rowsOf } from "../../../lib/history/metric-rows";
import { spawnTrainer, type Trainer } from "../../../lib/runner/child";
import { claimRun } from "../../../lib/runner/claim";
import { type RunConfig, runConfig } from "../../../spec/config";
import { processesWith } from "./processes";

const steps = 200;

export const row = (id: string) => appDb().select().from(runs).where(eq(runs.id, id)).get()!;
export const jobOf = (id: string) => appDb().select().from(leases).where(eq(leases.runId, id)).get()?.job ?? null;
export const lossesOf = (id: string) => [...rowsOf(id)].map(({ loss }) => loss!);

/** Queued, and claimed by a runner. `machine`: null is this one. */
export function begin(id: string, machine: string | null): Trainer {
  const described = {
    method: "dpo",
    model: { source: "tiny" },
    data: { train: "data/samples/film-reviews.jsonl.gz", maxLength: 64 },
    ...{ batchSize: 2, maxSteps: steps, saveEvery: 20, machine, output: runFolder(id) },
  };
  const config = runConfig.parse(described) as RunConfig;
  appDb().insert(runs).values({ id, name: id, method: "dpo", config, status: "queued", createdAt: 0 }).run();
  return next();
}

/** A runner of its own each time. */
let runners = 0;
export const next = (): Trainer => spawnTrainer(claimRun(`clusters ${++runners}`, Date.now)!, () => false);

export function resume(id: string): Trainer {
  appDb().update(runs).set({ status: "queued" }).where(eq(runs.id, id)).run();
  return next();
}

export const stop = (id: string) => appDb().update(runs).set({ requested: "stop" }).where(eq(runs.id, id)).run();

/** What a runner finds whose predecessor is gone. */
export const lapse = () => appDb().update(leases).set({ expiresAt: 0 }).run();

export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 300_000; !isSo(); await wait(50))
    if (Date.now() > end) throw new Error(`waited 300 s for ${what}`);
}

export const hasSteps = (id: string, least: number) =>
  until(`${least} steps of ${id}`, () => lossesOf(id).length >= least);

/** Its page says what the scheduler makes of its job. */
export const hasState = (id: string) =>
  until(`a state of ${id}'s job`, () => {
    const { status, note, error } = row(id);
    if (status === "failed") throw new Error(`${id} failed: ${error}`);
    return note?.startsWith("job ") ?? false;
  });

export function requireStatus(id: string, wanted: string): void {
  const { status, error } = row(id);
  if (status !== wanted) throw new Error(`${id} is ${status}, not ${wanted}: ${error}`);
}

/** How often its attempts' trainers began. */
export function beginnings(id: string): number {
  const events = readdirSync(runFolder(id)).filter((name) => /^events-\d+\.ndjson$/.test(name));
  const text = events.map((name) => readFileSync(join(runFolder(id), name), "utf8")).join("");
  return text.split('"event":"started"').length - 1;
}

/** Every process that was started for the run, as a lost node takes them with it. */
export function killProcesses(id: string): void {
  for (const pid of processesWith(runFolder(id))) process.kill(pid, "SIGKILL");
}
