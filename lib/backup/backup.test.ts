import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { migrationsUpTo } from "../../test/database";
import { program, scratch } from "../../test/program";
import { appDb, metricsDb } from "../db/client";
import { migrateDatabases } from "../setup/migrate";
import { readManifest } from "./manifest";
import { restoreBackup } from "./restore-backup";
import { takeBackup } from "./take-backup";
import { faultsOfBackup, faultsOfData } from "./verify";

const held = globalThis as { workbenchApp?: unknown; workbenchMetrics?: unknown };
let data = "";
/** Data of their own for each test. */
beforeEach(() => {
  data = scratch();
  vi.stubEnv("WORKBENCH_DATA", data);
  delete held.workbenchApp;
  delete held.workbenchMetrics;
});
afterEach(() => void vi.unstubAllEnvs());

const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const settingOf = (path: string) =>
  new Database(path).prepare("SELECT value FROM settings WHERE name = 'x'").pluck().get();
const set = (value: string) => appDb().run(`INSERT OR REPLACE INTO settings VALUES ('x', '${value}')`);

function backedUp(): string {
  migrateDatabases();
  set("before");
  mkdirSync(join(data, "snapshots"));
  writeFileSync(join(data, "snapshots", "a.jsonl"), "{}\n");
  const folder = join(scratch(), "backup");
  takeBackup(folder, ["secret", "snapshots", "runs"], at);
  return folder;
}

test("what is damaged in a backup is named, and it is not restored", () => {
  const folder = backedUp();
  expect(faultsOfBackup(folder)).toEqual([]);
  appendFileSync(join(folder, "snapshots", "a.jsonl"), "x");
  const database = readFileSync(join(folder, "app.db"));
  database[database.length - 1]! ^= 1; // one bit
  writeFileSync(join(folder, "app.db"), database);
  expect(faultsOfBackup(folder)).toEqual([
    `${join(folder, "app.db")} is damaged: its SHA-256 is not the one in the manifest`,
    `${join(folder, "snapshots", "a.jsonl")} has 4 bytes and should have 3`,
  ]);
  expect(() => restoreBackup(folder, true, at)).toThrow("was not restored: ");
  expect(existsSync(join(data, "app.db"))).toBe(true);
});

test("data that are there stay unless they are to be replaced, and then are kept aside", () => {
  const folder = backedUp();
  set("after");
  writeFileSync(join(data, "snapshots", "b.jsonl"), "{}\n");
  expect(() => restoreBackup(folder, false, at)).toThrow(/has data already \(app\.db, .*--replace/);
  expect(settingOf(join(data, "app.db"))).toBe("after");
  const { aside } = restoreBackup(folder, true, at);
  expect(aside).toBe(join(data, "before-restore-2026-01-02T03-04-05"));
  expect([settingOf(join(data, "app.db")), settingOf(join(aside!, "app.db"))]).toEqual(["before", "after"]);
  expect([readdirSync(join(data, "snapshots")), readdirSync(join(aside!, "snapshots"))]).toEqual([
    ["a.jsonl"],
    ["a.jsonl", "b.jsonl"],
  ]);
});

test("a file, a checkpoint or a row that another refers to and that is not there is a fault", () => {
  migrateDatabases();
  const { $client: app } = appDb();
  app.exec(`PRAGMA foreign_keys = OFF;
    INSERT INTO labelled_sets (id, name, holds, sha256, rows, pairs, created_at) VALUES (1, 'sums', 'pairs', 'abc', 1, 1, 0);
    INSERT INTO checkpoints VALUES ('r', 10, 1, '${join(data, "runs", "r", "checkpoints", "step-10-a1")}', 'abc', 0),
      ('r', 20, 1, '/elsewhere/step-20-a1', 'abc', 0)`);
  expect(faultsOfData()).toEqual([
    expect.stringMatching(/app\.db: row 1 of checkpoints refers to a row of runs that is not there/),
    expect.stringMatching(/app\.db: row 2 of checkpoints refers to a row of runs that is not there/),
  ]);
  app.exec(
    "INSERT INTO runs (id, name, method, config, status, created_at) VALUES ('r', 'r', 'dpo', '{}', 'failed', 0)",
  );
  expect(faultsOfData()).toEqual([
    `${join(data, "snapshots", "abc.jsonl")} is missing: a training set refers to it`,
    `${join(data, "runs/r/checkpoints/step-10-a1/manifest.json")} is missing: it is the checkpoint of step 10 of run r`,
  ]);
});

test("workbench backup --no-runs leaves out what runs wrote; it is whole without, and restored it leaves the folders of runs alone", () => {
  migrateDatabases();
  appDb().run(
    "INSERT INTO runs (id, name, method, config, status, created_at) VALUES ('r', 'r', 'dpo', '{}', 'stopped', 0)",
  );
  const saved = join(data, "runs", "r", "checkpoints", "step-10-a1");
  appDb().run(`INSERT INTO checkpoints VALUES ('r', 10, 1, '${saved}', 'abc', 0)`);
  mkdirSync(saved, { recursive: true });
  writeFileSync(join(saved, "manifest.json"), "{}");
  mkdirSync(join(data, "provenance"));
  for (const path of ["provenance/abc.json", "mappings.json"]) writeFileSync(join(data, path), "{}");
  const folder = join(scratch(), "backup");
  expect(program("lib/cli.ts")("backup", folder, "--no-runs").status).toBe(0);
  const { parts, files } = readManifest(folder);
  expect(parts).not.toContain("runs");
  expect(files.map(({ path }) => path).filter((path) => path.startsWith("runs/"))).toEqual([]);
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(["provenance/abc.json", "mappings.json"]));
  expect(faultsOfBackup(folder)).toEqual([]);
  restoreBackup(folder, true, at);
  expect(existsSync(join(saved, "manifest.json"))).toBe(true);
});

test("before a migration the databases are copied as they are, and the newest three of those copies kept", () => {
  migrate(appDb(), { migrationsFolder: migrationsUpTo("0012_tally", "app") });
  migrate(metricsDb(), { migrationsFolder: migrationsUpTo("0008_metric-names", "metrics") });
  set("before");
  const older = ["migration-2019-a", "migration-2020-b", "migration-2021-c", "2018-by-hand"];
  for (const name of older) mkdirSync(join(data, "backups", name), { recursive: true });
  const folder = migrateDatabases()!;
  expect(readManifest(folder)).toMatchObject({ parts: [], migrations: { app: "0012_tally" } });
  expect(settingOf(join(folder, "app.db"))).toBe("before");
  const kept = readdirSync(join(data, "backups"));
  expect(kept.filter((name) => older.includes(name))).toEqual(["2018-by-hand", "migration-2020-b", "migration-2021-c"]);
  expect(kept).toHaveLength(4);
  expect(migrateDatabases()).toBeNull();
  expect(faultsOfBackup(folder)).toEqual([]);
});

test("a database that a newer workbench migrated is refused with both versions", () => {
  migrateDatabases();
  appDb().run(`INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', ${Date.UTC(2099, 0, 1)})`);
  expect(migrateDatabases).toThrow(
    /app\.db is of a newer workbench: its newest migration is of 2099-01-01 00:00:00, that of this code \(\d{4}_.+\) of 20\d\d-/,
  );
});
