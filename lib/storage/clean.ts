// Deletes what nothing needs any more. Each thing is renamed into trash/ of the data folder while nobody else can write to app.db, then
// emptied, then its rows are deleted: in that order a full disk has room for the rows. Whoever is killed in between leaves a thing whole, or
// in the trash, which the next clean-up and the next start empty.
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { isWhole } from "../../common/checkpoints";
import { dataFolder, runFolder } from "../../common/env";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { checkpoints, leases, runs } from "../db/tables/runs";
import { forgetHistory, getRun } from "../runs/attempts";
import { storedFiles } from "./files";
import type { Rules } from "./rules";
import type { Cleaned, Unneeded } from "./storage-schema";
import { limitOf, savedOf, surplusCheckpoints, unneededOf } from "./unneeded";

/** Another process may be emptying it too. */
const gone = { recursive: true, force: true };

const trash = () => join(dataFolder(), "trash");

/** What the rules give, or of it what is among `paths`; what somebody needs by the time its turn comes stays. */
export async function clean(rules: Rules, now: number, paths?: string[]): Promise<Cleaned> {
  await emptyTrash();
  const files = await storedFiles();
  const isWanted = ({ path }: Unneeded) => paths === undefined || paths.includes(path);
  const damaged = damagedRuns(unneededOf(files, rules, now).filter(isWanted), rules.checkpoints);
  const stays = (item: Unneeded) => item.kind === "checkpoint" && damaged.has(runOf(item.path)!);
  const discard = () => {
    const items = unneededOf(files, rules, now).filter((item) => isWanted(item) && !stays(item));
    moveToTrash(items);
    return items;
  };
  // no run is claimed, resumed or launched meanwhile
  const deleted = await retryOnBusyAsync(() => appDb().transaction(discard, { behavior: "immediate" }));
  await emptyTrash();
  return { deleted, kept: [...damaged.values()] };
}

/** What is more than the run file's saveTotalLimit, once another checkpoint is saved. */
export async function keepNewest(id: string): Promise<void> {
  const run = getRun(id)!;
  const most = limitOf(run.config);
  if (most === null || savedOf(id).length <= most) return;
  const discard = () => moveToTrash(surplusCheckpoints([run], appDb().select().from(runs).all(), most));
  await retryOnBusyAsync(() => appDb().transaction(discard, { behavior: "immediate" }));
  await emptyTrash();
}

const runOf = (path: string): string | null => /^runs\/([^/]+)/.exec(path)?.[1] ?? null;

/** Runs of which an older checkpoint may be the last good one: one that was to stay instead of it is damaged. By run, in a sentence. */
function damagedRuns(items: Unneeded[], most: number): Map<string, string> {
  const ids = new Set(items.flatMap(({ kind, path }) => (kind === "checkpoint" ? runOf(path)! : [])));
  return new Map(
    [...ids].flatMap((id) => {
      const bad = savedOf(id)
        .slice(0, limitOf(getRun(id)!.config) ?? most)
        .find(({ folder, manifestHash }) => !isWhole(folder, manifestHash));
      return bad ? [[id, `${bad.folder} is damaged, so older checkpoints of its run stay`] as const] : [];
    }),
  );
}

/** Under names that say what they were where rows are to be deleted with them. What went with its folder is gone already. */
function moveToTrash(items: Pick<Unneeded, "path">[]): void {
  mkdirSync(trash(), { recursive: true });
  for (const { path } of items)
    try {
      renameSync(join(dataFolder(), path), join(trash(), runOf(path) ? encodeURIComponent(path) : randomUUID()));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
}

/** Deletes what is in the trash, with its rows. */
export async function emptyTrash(): Promise<void> {
  const entries = namesIn(trash());
  for (const entry of entries)
    for (const name of namesIn(join(trash(), entry))) rmSync(join(trash(), entry, name), gone);
  for (const entry of entries) {
    await retryOnBusyAsync(() => forget(entry));
    rmSync(join(trash(), entry), gone);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

/** The rows of what a folder in the trash was: a checkpoint, or a run. */
function forget(entry: string): void {
  const path = join(dataFolder(), decodeURIComponent(entry));
  appDb().delete(checkpoints).where(eq(checkpoints.folder, path)).run();
  const run = appDb()
    .select()
    .from(runs)
    .all()
    .find(({ id }) => runFolder(id) === path);
  if (run) deleteRun(run.id);
}

function deleteRun(id: string): void {
  forgetHistory(id); // metrics.db first: a run without curves is found again, curves without a run are not
  appDb().transaction((tx) => {
    tx.delete(leases).where(eq(leases.runId, id)).run();
    tx.delete(runs).where(eq(runs.id, id)).run();
  });
}
