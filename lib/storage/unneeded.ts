// What nothing needs any more, by rule. Nothing that a run which is queued or in hand reads, that any run's config names, or that a run
// would be resumed, exported or chatted with from: its result, and its newest checkpoints.
import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { gt } from "drizzle-orm";
import { dataFolder, runFolder, runsFolder } from "../../common/env";
import { appDb } from "../db/client";
import { leases, type Run, runs } from "../db/tables/runs";
import { checkpointsOf } from "../runs/attempts";
import { kindOf, type StoredFile } from "./files";
import type { Rules } from "./rules";
import type { StorageKind, Unneeded } from "./storage-schema";

const dayMs = 86_400_000;

export function unneededOf(files: StoredFile[], rules: Rules, now: number): Unneeded[] {
  const all = appDb().select().from(runs).all();
  const held = new Set(leasedAt(now));
  const busy = (run: Run) => run.status === "queued" || run.status === "running" || held.has(run.id);
  const ended = all.filter((run) => !busy(run));
  const old = rules.runDays === null ? [] : oldRuns(ended, all, now - rules.runDays * dayMs);
  const staying = ended.filter((run) => !old.includes(run));
  const sized = (item: Omit<Unneeded, "bytes">): Unneeded => ({ ...item, bytes: bytesBelow(files, item.path) });
  return [
    ...old.map(({ id, name }) => ({ kind: "run" as const, path: pathOf(runFolder(id)), what: `run ${name}` })),
    ...surplusCheckpoints(staying, all, rules.checkpoints),
    ...(all.some(busy) ? [] : unusedCaches(files, now - rules.cacheDays * dayMs)),
    ...leftovers(files, new Set(ended.map(({ id }) => id)), now - dayMs),
  ].map(sized);
}

const leasedAt = (now: number): string[] => {
  const rows = appDb().select({ runId: leases.runId }).from(leases).where(gt(leases.expiresAt, now)).all();
  return rows.map(({ runId }) => runId);
};

const pathOf = (path: string) => relative(dataFolder(), path);

const bytesBelow = (files: StoredFile[], path: string): number =>
  files
    .filter((file) => file.path === path || file.path.startsWith(path + sep))
    .reduce((sum, { bytes }) => sum + bytes, 0);

/** Paths in runs' folders that the config names: where an adapter, a reward model or a reference comes from. */
function pathsIn({ config }: Run): string[] {
  const { output: _, ...rest } = config;
  const paths: string[] = [];
  JSON.stringify(rest, (_, value: unknown) => {
    if (typeof value === "string" && value.startsWith(runsFolder() + sep)) paths.push(value);
    return value;
  });
  return paths;
}

const isBelow = (path: string, folder: string) => path === folder || path.startsWith(folder + sep);

/** Those that no other run builds on. */
function oldRuns(ended: Run[], all: Run[], before: number): Run[] {
  const builtOn = ({ id }: Run) =>
    all.some(
      (other) =>
        other.id !== id &&
        (other.parentRun === id ||
          other.after.includes(id) ||
          pathsIn(other).some((path) => isBelow(path, runFolder(id)))),
    );
  return ended.filter((run) => (run.finishedAt ?? run.createdAt) < before && !builtOn(run));
}

/** Checkpoints beyond the newest ones of each run in the data folder, without those that a config names. */
export function surplusCheckpoints(some: Run[], all: Run[], most: number) {
  const named = all.flatMap(pathsIn);
  return some.flatMap(({ id, name, config }) =>
    savedOf(id)
      .slice(limitOf(config) ?? most)
      .filter(({ folder }) => !named.some((path) => isBelow(path, folder)))
      .map(({ step, folder }) => ({
        kind: "checkpoint" as const,
        path: pathOf(folder),
        what: `the checkpoint of step ${step} of run ${name}`,
      })),
  );
}

/** How many checkpoints the run file wants kept. */
export const limitOf = (config: Run["config"]): number | null =>
  ("saveTotalLimit" in config && config.saveTotalLimit) || null;

/** A run's checkpoints that are there, in its folder of the workbench; newest first. */
export const savedOf = (id: string) =>
  checkpointsOf(id).filter(({ folder }) => isBelow(folder, runFolder(id)) && existsSync(join(folder, "manifest.json")));

/** Things that files of a kind belong to, each with the time of its newest file's last change. */
function lastChanges(files: StoredFile[], kind: StorageKind, thingOf: (path: string) => string): [string, number][] {
  const newest = new Map<string, number>();
  for (const { path, changedAt } of files) {
    if (kindOf(path) !== kind) continue;
    const thing = thingOf(path);
    newest.set(thing, Math.max(changedAt, newest.get(thing) ?? 0));
  }
  return [...newest];
}

function unusedCaches(files: StoredFile[], before: number) {
  return lastChanges(files, "caches", (path) => path.split(sep).slice(0, 2).join(sep))
    .filter(([, changedAt]) => changedAt < before)
    .map(([path]) => ({
      kind: "cache" as const,
      path,
      what: `scores of the reference policy ${path.split(sep)[1]!.slice(0, 12)}`,
    }));
}

/** Half-written by a process that was killed: in runs that have ended, or for more than a day. */
function leftovers(files: StoredFile[], ended: Set<string>, before: number) {
  const isOver = (path: string, changedAt: number) => {
    const [top, run] = path.split(sep);
    if (top === "runs") return ended.has(run!);
    return changedAt < before;
  };
  return lastChanges(files, "leftovers", wholeOf)
    .filter(([path, changedAt]) => isOver(path, changedAt))
    .map(([path]) => ({ kind: "leftover" as const, path, what: `${path}, which was left half-written` }));
}

/** The folder that a file is left over with, or the file itself. */
const wholeOf = (path: string): string => /^(?:.*?\/tmp-[^/]*|[^/]+\/[^/]+)(?=\/|$)/.exec(path)?.[0] ?? path;
