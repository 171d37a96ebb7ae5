// What becomes of the votes of a database from before votes were checked against what was served.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { expect, test } from "vitest";
import { migrationsUpTo } from "../../test/database";
import { appDb } from "../db/client";
import { migrateDatabases } from "./migrate";

test("F11, F13: of votes that one person multiplied before, the newest counts, and gold and mirrored votes of a shared queue count again", () => {
  process.env.WORKBENCH_DATA = mkdtempSync(join(tmpdir(), "workbench-db-"));
  migrate(appDb(), { migrationsFolder: migrationsUpTo("0010_launches", "app") });
  appDb().run(sql`INSERT INTO annotators (id, name, created_at) VALUES (1, 'Ada', 0), (2, 'Bob', 0)`);
  appDb().run(sql`INSERT INTO queues (id, name, about, created_at) VALUES (1, 'q', '', 0)`);
  appDb().run(sql`INSERT INTO items (id, queue_id, position, prompt, first, second, source, hash, gold)
    VALUES (1, 1, 0, '[]', 'a', 'b', '', 'x', NULL), (2, 1, 1, '[]', 'a', 'b', '', 'y', '{"verdict":"first","because":""}')`);
  const vote = (seq: number, annotator: number, item: number, extra: number, mirror: number) =>
    appDb().run(sql`INSERT INTO judgements (seq, key, annotator_id, item_id, kind, verdict, mirror, shown_left, active_ms, extra, created_at)
      VALUES (${seq}, ${`k${seq}`}, ${annotator}, ${item}, 'vote', 'tie', ${mirror}, 'first', 1, ${extra}, 0)`);
  const undo = (seq: number, undoes: number) =>
    appDb().run(sql`INSERT INTO judgements (seq, key, annotator_id, item_id, kind, shown_left, active_ms, undoes, created_at)
      VALUES (${seq}, ${`k${seq}`}, 1, 1, 'undo', 'first', 1, ${undoes}, 0)`);
  for (const seq of [1, 2, 3, 4]) vote(seq, 1, 1, 0, 0); // Ada, four times
  undo(5, 4);
  vote(6, 2, 1, 1, 0); // Bob, late
  vote(7, 1, 1, 1, 1); // mirrored
  vote(8, 2, 2, 1, 0); // gold
  migrateDatabases();
  const counting = appDb().all<{ seq: number }>(sql`SELECT seq FROM judgements WHERE kind = 'vote' AND NOT extra`);
  expect(counting.map(({ seq }) => seq)).toEqual([3, 4, 7, 8]); // 4 is undone
});
