// Opens the two databases. Unmarked (no `server-only`): the web process, the runner and the trainers all come through here.
import { chmodSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { type BetterSQLite3Database, drizzle } from "drizzle-orm/better-sqlite3";
import { dataFolder } from "../../common/env";
import { makeFolder } from "../../scripts/setup/make-folder.mjs";

/** app.db: people, pairs, judgements, runs (tables/). metrics.db: what trainers report (metrics-schema.ts). Every table is STRICT; times are epoch milliseconds. */
export type Db = BetterSQLite3Database & { $client: Database.Database };

/** Versions before this one can corrupt a WAL file that two processes write. */
const oldestSafe = [3, 51, 3] as const;

/** Milliseconds that a connection waits for another writer; short, because waiting blocks the event loop. */
const patience = 250;
/** The same while it is opened: processes that start together may find a fresh database locked for longer. */
const patienceAtOpening = 15_000;

/** `synchronous` FULL survives a power cut, NORMAL a killed process. */
function open(name: string, synchronous: "FULL" | "NORMAL"): Database.Database {
  const folder = dataFolder();
  makeDataFolder(folder);
  makePrivate(folder, 0o700);
  const sqlite = new Database(join(folder, name), { timeout: patienceAtOpening });
  for (const ending of ["", "-wal", "-shm"]) makePrivate(join(folder, `${name}${ending}`), 0o600); // later ones take after the first
  keepStatements(sqlite);
  const version = sqlite.prepare("SELECT sqlite_version()").pluck().get() as string;
  const parts = version.split(".").map(Number);
  const difference = oldestSafe.map((part, i) => parts[i]! - part).find((d) => d !== 0) ?? 0;
  if (difference < 0)
    throw new Error(
      `SQLite ${version} can corrupt a database that two processes write; ${oldestSafe.join(".")} or newer is needed: run npm ci and start again`,
    );
  writeAhead(sqlite);
  sqlite.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON`);
  sqlite.pragma(`busy_timeout = ${patience}`);
  return sqlite;
}

/** Tries until it succeeds: SQLite does not wait where two processes give a fresh database its write-ahead log at once. */
function writeAhead(sqlite: Database.Database): void {
  for (const until = Date.now() + patienceAtOpening; ; )
    try {
      sqlite.pragma("journal_mode = WAL");
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "SQLITE_BUSY" || Date.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20); // milliseconds
    }
}

function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `The data folder ${folder} cannot be made (${code}); give the data another one with WORKBENCH_DATA=FOLDER`,
      { cause: error },
    );
  }
}

/** Labels, names and secrets are nobody else's on this machine. A file of another user, or one that is not there, stays as it is. */
function makePrivate(path: string, mode: number): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat && (stat.mode & 0o777) !== mode && stat.uid === process.getuid?.()) chmodSync(path, mode);
}

/**
 * Each SQL text is prepared once and kept. drizzle prepares anew for every query, and under Node 24 the collection of a dead
 * better-sqlite3 12 statement can end the process (RemoveEnvironmentCleanupHook without an environment). Our texts are few.
 */
function keepStatements(sqlite: Database.Database): void {
  const prepare = sqlite.prepare.bind(sqlite);
  const kept = new Map<string, Database.Statement>();
  const prepareOnce = (source: string): Database.Statement => {
    const statement = kept.get(source) ?? prepare(source);
    kept.set(source, statement);
    return statement;
  };
  sqlite.prepare = prepareOnce as typeof sqlite.prepare;
}

// One connection a process and file; on globalThis, since Next's development server loads modules more than once.
const held = globalThis as { workbenchApp?: Db; workbenchMetrics?: Db; workbenchGuard?: () => void };

/** Has `guard` asked before each use, which throws where there is to be none: of the web process of a team (lib/access/asked.ts). */
export function guardDatabases(guard: () => void): void {
  held.workbenchGuard = guard;
}

export function appDb(): Db {
  held.workbenchGuard?.();
  held.workbenchApp ??= drizzle(open("app.db", "FULL"), { casing: "snake_case" });
  return held.workbenchApp;
}

export function metricsDb(): Db {
  held.workbenchGuard?.();
  held.workbenchMetrics ??= drizzle(open("metrics.db", "NORMAL"), { casing: "snake_case" });
  return held.workbenchMetrics;
}
