// Takes a backup, also while the workbench serves and trains.
//
// metrics.db is copied first, app.db after it and the runs' folders last: each is at least as new as the one before. What metrics.db lacks of
// a run that went on meanwhile is in the events file of its folder, from which the runner reads it when it takes the run up again. The other
// way round, rows would tell of attempts and votes that app.db knows nothing of.
import { constants, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { Refusal } from "../../common/command-line";
import { dataFolder } from "../../common/env";
import { fileHash } from "../../common/file-hash";
import { syncPath, writeWhole } from "../../common/whole-file";
import { reading } from "../db/soundness";
import { type DatabaseName, versionOf } from "../db/versions";
import { filesBelow } from "./files-below";
import { databaseFiles, type Manifest, manifestFile, type Part } from "./manifest";

/** A backup of the databases and these parts, in `folder`, which appears once it is whole. */
export function takeBackup(folder: string, parts: readonly Part[], now: number): Manifest {
  if (existsSync(folder)) throw new Refusal(`${folder} is there already; give the backup a folder of its own`);
  const scratch = `${folder}.tmp-${process.pid}`;
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  try {
    copyDatabases(scratch);
    for (const part of parts) copyPart(part, scratch);
    const manifest = manifestOf(scratch, parts, now);
    writeWhole(join(scratch, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
    renameSync(scratch, folder);
    syncPath(dirname(folder));
    return manifest;
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    throw error;
  }
}

function copyDatabases(scratch: string): void {
  for (const file of [databaseFiles.metrics, databaseFiles.app]) {
    const from = join(dataFolder(), file);
    if (!existsSync(from)) throw new Refusal(`${from} is not there: ${dataFolder()} has nothing to back up`);
    reading(from, (sqlite) => sqlite.prepare("VACUUM INTO ?").run(join(scratch, file)));
    syncPath(join(scratch, file));
  }
}

function copyPart(part: Part, scratch: string): void {
  for (const path of filesBelow(dataFolder(), part)) {
    const to = join(scratch, path);
    mkdirSync(dirname(to), { recursive: true });
    try {
      copyFileSync(join(dataFolder(), path), to, constants.COPYFILE_FICLONE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") continue; // a run has deleted it meanwhile
      throw error;
    }
    syncPath(to);
  }
}

function manifestOf(folder: string, parts: readonly Part[], now: number): Manifest {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const files = [...filesBelow(folder, "")].map((path) => {
    const file = join(folder, path);
    return { path, bytes: statSync(file).size, sha256: fileHash(file) };
  });
  const copied = (name: DatabaseName) => reading(join(folder, databaseFiles[name]), (copy) => versionOf(copy, name));
  return {
    format: 1,
    createdAt: new Date(now).toISOString(),
    workbench: version,
    migrations: { app: copied("app"), metrics: copied("metrics") },
    dataFolder: dataFolder(),
    parts: [...parts],
    files,
  };
}
