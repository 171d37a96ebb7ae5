// A fresh, migrated pair of databases for a test file: real SQLite in a folder of its own.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { addItems } from "../lib/annotation/items/items";
import { loadPairs } from "../lib/annotation/queues/load-pairs";
import { queueNamed } from "../lib/annotation/queues/new-queue";
import { appDb } from "../lib/db/client";
import { annotators } from "../lib/db/tables/annotators";
import { queues } from "../lib/db/tables/queues";
import { runs } from "../lib/db/tables/runs";
import { migrateDatabases } from "../lib/setup/migrate";
import { runConfig } from "../spec/config";

export function freshDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), "workbench-db-"));
  process.env.WORKBENCH_DATA = folder;
  migrateDatabases();
  return folder;
}

/** The migrations up to this one, in a folder of their own. */
export function migrationsUpTo(tag: string, database: "app" | "metrics"): string {
  const folder = mkdtempSync(join(tmpdir(), "workbench-migrations-"));
  cpSync(join("lib", "db", "migrations", database), folder, { recursive: true });
  const path = join(folder, "meta", "_journal.json");
  const journal = JSON.parse(readFileSync(path, "utf8")) as { entries: { tag: string }[] };
  const last = journal.entries.findIndex((entry) => entry.tag === tag);
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, last + 1) }));
  return folder;
}

const addQuestions = (queueId: number, count: number, answersTo: (i: number) => string[]) =>
  addItems(
    queueId,
    Array.from({ length: count }, (_, i) => ({
      prompt: [{ role: "user", content: `question ${i}` }],
      answers: answersTo(i),
      source: "test",
    })),
  );

/** A queue of single answers, or of solutions. */
export function seedAlone(
  name: string,
  question: "single" | "steps",
  count: number,
  answerTo: (i: number) => string,
): number {
  const id = queueNamed(name, 0, question);
  addQuestions(id, count, (i) => [answerTo(i)]);
  return id;
}

/** A queue of `pairs` pairs and annotators with ids 1…`people`. */
export function seedQueue(pairs: number, people = 2, name = "test"): number {
  const queue = appDb().insert(queues).values({ name, about: "", createdAt: 0 }).returning().get();
  addQuestions(queue.id, pairs, (i) => [`first ${i}`, `second ${i}`]);
  for (let i = 1; i <= people; i++)
    appDb()
      .insert(annotators)
      .values({ name: `rater ${i}`, createdAt: 0 })
      .run();
  return queue.id;
}

/** A queue of these rows, as an import of a file makes it. */
export async function importRows(name: string, rows: object[]): Promise<number> {
  const file = join(mkdtempSync(join(tmpdir(), "workbench-import-")), "rows.jsonl");
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
  return (await loadPairs(name, file, 0)).queueId;
}

export function seedRun(id: string, createdAt = 0): void {
  const config = runConfig.parse({
    method: "dpo",
    model: { source: "tiny" },
    data: { train: "data/samples/film-reviews.jsonl.gz" },
    output: "unused",
  });
  appDb().insert(runs).values({ id, name: id, method: "dpo", config, status: "queued", createdAt }).run();
}

type Execution = (this: unknown, ...args: unknown[]) => unknown;

/** How many statements some work has SQLite run, whoever prepared them and when. */
export function statementsRun(work: () => void): number {
  const prototype = Object.getPrototypeOf((appDb() as { $client: Database.Database }).$client.prepare("SELECT 1")) as {
    [name in "run" | "get" | "all" | "iterate"]: Execution;
  };
  const own = { ...prototype };
  let count = 0;
  for (const name of ["run", "get", "all", "iterate"] as const)
    prototype[name] = function (...args) {
      count++;
      return own[name].apply(this, args);
    };
  try {
    work();
  } finally {
    Object.assign(prototype, own);
  }
  return count;
}

/** How many rows of app.db, or another database, some work was given, and those steps of its statements' plans that go through a whole table of pairs or votes. */
export function rowsRead(
  work: () => void,
  { $client: client } = appDb() as { $client: Database.Database },
): { rows: number; scans: string[] } {
  const { prepare } = client;
  const found = { rows: 0, scans: [] as string[] };
  const plans = new Map<string, unknown[]>();
  const counted = (statement: Database.Statement, source: string): Database.Statement =>
    new Proxy(statement, {
      get(target, name: keyof Database.Statement) {
        const own = target[name];
        if (typeof own !== "function") return own;
        return (...args: unknown[]) => {
          const result: unknown = Reflect.apply(own, target, args);
          if (result === target) return counted(target, source);
          plans.set(source, args);
          if (Array.isArray(result) && name === "all") found.rows += result.length;
          return result;
        };
      },
    });
  client.prepare = ((source: string) => counted(prepare(source), source)) as typeof client.prepare;
  try {
    work();
  } finally {
    client.prepare = prepare;
  }
  for (const [source, args] of plans) {
    const plan = client.prepare(`EXPLAIN QUERY PLAN ${source}`).all(...args) as { detail: string }[];
    for (const { detail } of plan)
      if (/^SCAN (items|judgements|assignments|exclusions|rulings|item_scores)\b/.test(detail))
        found.scans.push(detail);
  }
  return found;
}
