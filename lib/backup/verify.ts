// Whether data are whole: every file as the manifest has it, databases without faults, and each file there that a row refers to.
import { existsSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type Database from "better-sqlite3";
import { dataFolder } from "../../common/env";
import { fileHash } from "../../common/file-hash";
import { faultsOf, reading } from "../db/soundness";
import { databaseNames, newerThanCode } from "../db/versions";
import { databaseFiles, type Manifest, type Part, parts, readManifest } from "./manifest";

/** What is wrong with a backup. */
export function faultsOfBackup(folder: string): string[] {
  const manifest = readManifest(folder);
  const damaged = manifest.files.flatMap((file) => faultOfFile(folder, file) ?? []);
  return damaged.length > 0 ? damaged : faultsOfFolder(folder, manifest.dataFolder, manifest.parts);
}

/** What is wrong with the data at hand. */
export const faultsOfData = (): string[] => faultsOfFolder(dataFolder(), dataFolder(), parts);

function faultOfFile(folder: string, { path, bytes, sha256 }: Manifest["files"][number]): string | null {
  const file = join(folder, path);
  if (!existsSync(file)) return `${file} is missing`;
  const { size } = statSync(file);
  if (size !== bytes) return `${file} has ${size} bytes and should have ${bytes}`;
  return fileHash(file) === sha256 ? null : `${file} is damaged: its SHA-256 is not the one in the manifest`;
}

function faultsOfFolder(folder: string, origin: string, present: readonly Part[]): string[] {
  const inDatabases = databaseNames.flatMap((name) => {
    const path = join(folder, databaseFiles[name]);
    const faults = faultsOf(path, "integrity_check").map((fault) => `${path}: ${fault}`);
    return faults.length > 0 ? faults : (reading(path, (sqlite) => newerThanCode(sqlite, name)) ?? []);
  });
  if (inDatabases.length > 0) return inDatabases;
  return reading(join(folder, databaseFiles.app), (sqlite) => [
    ...(present.includes("snapshots") ? snapshotFaults(sqlite, folder) : []),
    ...(present.includes("runs") ? checkpointFaults(sqlite, folder, origin) : []),
  ]);
}

function snapshotFaults(sqlite: Database.Database, folder: string): string[] {
  const tables = ["snapshots", "labelled_sets", "labelled_versions"]; // the last one is not in older backups
  const there = sqlite.prepare("SELECT name FROM sqlite_schema WHERE name IN (SELECT value FROM json_each(?))").pluck();
  const queries = (there.all(JSON.stringify(tables)) as string[]).map((table) => `SELECT sha256 FROM ${table}`);
  const named = sqlite.prepare(queries.join(" UNION ")).pluck().all() as (string | null)[];
  const hashes = named.filter((sha256) => sha256 !== null);
  return hashes.flatMap((sha256) => {
    const file = join(folder, "snapshots", `${sha256}.jsonl`);
    if (!existsSync(file)) return `${file} is missing: a training set refers to it`;
    return fileHash(file) === sha256 ? [] : `${file} was changed after it was saved`;
  });
}

/** Of those in the data folder; a run of the command line keeps its own where it was told to. */
function checkpointFaults(sqlite: Database.Database, folder: string, origin: string): string[] {
  const rows = sqlite.prepare("SELECT run_id AS run, step, folder AS path, manifest_hash AS hash FROM checkpoints");
  return (rows.all() as { run: string; step: number; path: string; hash: string }[]).flatMap((row) => {
    const inside = relative(origin, row.path);
    if (inside.startsWith("..")) return [];
    const file = join(folder, inside, "manifest.json");
    const what = `the checkpoint of step ${row.step} of run ${row.run}`;
    if (!existsSync(file)) return `${file} is missing: it is ${what}`;
    return fileHash(file) === row.hash ? [] : `${file} is not the one that was saved: it is ${what}`;
  });
}
