// Runs that wait in a database of their own, and processes that claim them.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Database from "better-sqlite3";

export function createDatabases(folder: string): Database.Database {
  execFileSync(process.execPath, ["scripts/program.mjs", "lib/setup/main.ts"], {
    env: { ...process.env, WORKBENCH_DATA: folder },
  });
  return new Database(join(folder, "app.db"), { timeout: 1000 });
}

export function queueRun(db: Database.Database, id: string, createdAt: number): void {
  db.prepare(
    "INSERT INTO runs (id, name, method, config, status, created_at) VALUES (?, ?, 'dpo', '{\"method\":\"dpo\"}', 'queued', ?)",
  ).run(id, id, createdAt);
}

/** A run that nobody is to claim once its lease has lapsed. */
export function endRun(db: Database.Database, id: string): void {
  db.prepare("UPDATE runs SET status = 'finished' WHERE id = ?").run(id);
}

export interface Said {
  claimed?: string;
  /** What the clock said in the transaction that claimed it. */
  at?: number;
  attempt?: number;
  finished?: string;
  /** Whether the one that finished it still had the lease. */
  holds?: boolean;
  stored?: number;
  lost?: string;
  beats?: boolean;
  releases?: boolean;
  taken?: string;
}

export interface Worker {
  child: ChildProcess;
  said: Said[];
  ended: Promise<unknown>;
}

export function work(folder: string, mode: "claim" | "write" | "take-over"): Worker {
  const child = spawn(process.execPath, ["scripts/program.mjs", "tools/torture/worker.ts", mode], {
    env: { ...process.env, WORKBENCH_DATA: folder },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const said: Said[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => said.push(JSON.parse(line) as Said));
  return { child, said, ended: once(child, "close") };
}
