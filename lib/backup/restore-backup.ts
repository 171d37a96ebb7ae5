// Puts a backup in the place of the data at hand, which are kept aside.
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { Refusal } from "../../common/command-line";
import { dataFolder } from "../../common/env";
import { databaseFiles, type Manifest, readManifest } from "./manifest";
import { timeStamp } from "./time-stamp";
import { faultsOfBackup } from "./verify";

export interface Restored {
  createdAt: string;
  files: number;
  /** Where what was there before is now; null where nothing was. */
  aside: string | null;
}

/** `replace`: also where there are data already. Nobody else may use the data folder meanwhile. */
export function restoreBackup(folder: string, replace: boolean, now: number): Restored {
  const [fault, ...others] = faultsOfBackup(folder);
  if (fault) throw new Refusal(`${folder} was not restored: ${fault}${others.length > 0 ? ", and more" : ""}`);
  const manifest = readManifest(folder);
  const data = dataFolder();
  const old = existsSync(data) ? readdirSync(data).filter((name) => isReplaced(name, manifest)) : [];
  if (old.length > 0 && !replace)
    throw new Refusal(
      `${data} has data already (${old.join(", ")}); with --replace they are kept aside and the backup takes their place`,
    );
  const scratch = join(data, `restoring-${process.pid}`);
  try {
    for (const { path } of manifest.files) copyTo(join(scratch, path), join(folder, path));
    if (manifest.dataFolder !== data) moveRows(join(scratch, databaseFiles.app), manifest.dataFolder, data);
    const aside = old.length > 0 ? keepAside(old, now) : null;
    for (const name of readdirSync(scratch)) renameSync(join(scratch, name), join(data, name));
    return { createdAt: manifest.createdAt, files: manifest.files.length, aside };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Whether the backup has something in its place. */
const isReplaced = (name: string, { parts }: Manifest): boolean =>
  isOfDatabase(name) || parts.some((part) => part === name);

/** Journals, and what Litestream keeps beside it, belong to a database. */
export const isOfDatabase = (name: string): boolean =>
  /^(app|metrics)\.db(-wal|-shm|-journal)?$|^\.(app|metrics)\.db-litestream$/.test(name);

function copyTo(to: string, from: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  cpSync(from, to);
}

export function keepAside(names: string[], now: number): string {
  const aside = join(dataFolder(), `before-restore-${timeStamp(now)}`);
  mkdirSync(aside);
  for (const name of names) renameSync(join(dataFolder(), name), join(aside, name));
  return aside;
}

/** Rows name checkpoints, and configs the models of other runs, by their whole path. */
export function moveRows(path: string, from: string, to: string): void {
  const sqlite = new Database(path);
  const inJson = (folder: string) => JSON.stringify(`${folder}/`).slice(0, -1);
  sqlite.transaction(() => {
    sqlite
      .prepare(
        "UPDATE checkpoints SET folder = ? || substr(folder, length(?) + 1) WHERE substr(folder, 1, length(?)) = ?",
      )
      .run(`${to}/`, `${from}/`, `${from}/`, `${from}/`);
    sqlite.prepare("UPDATE runs SET config = replace(config, ?, ?)").run(inJson(from), inJson(to));
  })();
  sqlite.close();
}
