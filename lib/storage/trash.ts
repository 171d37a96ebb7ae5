// The trash of the data folder: things are renamed into it while nobody else can write to app.db, then emptied, then their rows are deleted.
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { eq } from "drizzle-orm";
import { dataFolder, runFolder } from "../../common/env";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { evaluations } from "../db/tables/evaluations";
import { checkpoints, leases, rungs, runs } from "../db/tables/runs";
import { forgetHistory } from "../runs/attempts";
import type { Unneeded } from "./storage-schema";

/** Another process may be emptying it too. */
const gone = { recursive: true, force: true };

const trash = () => join(dataFolder(), "trash");

/** The run whose folder a path of the data folder is or lies in. */
export const runOf = (path: string): string | null => /^runs\/([^/]+)/.exec(path)?.[1] ?? null;

/** Under names that say what they were where rows are to be deleted with them. What went with its folder is gone already. */
export function moveToTrash(items: Pick<Unneeded, "path">[]): void {
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
  const id = runOf(decodeURIComponent(entry));
  if (id !== null && runFolder(id) === path) deleteRun(id);
}

/** Its rows. */
export function deleteRun(id: string): void {
  forgetHistory(id); // metrics.db first: a run without curves is found again, curves without a run are not
  appDb().transaction((tx) => {
    tx.delete(leases).where(eq(leases.runId, id)).run();
    tx.delete(rungs).where(eq(rungs.runId, id)).run();
    tx.delete(evaluations).where(eq(evaluations.runId, id)).run();
    tx.delete(runs).where(eq(runs.id, id)).run();
  });
}

/** The folder of a run. */
export const trashRun = (id: string) => moveToTrash([{ path: relative(dataFolder(), runFolder(id)) }]);
