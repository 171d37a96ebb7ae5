// Databases of versions that had no records browser.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { expect, test } from "vitest";
import { migrationsUpTo } from "../../test/database";
import { recordIdsOf } from "../annotation/records/list-records";
import { recordFilter } from "../annotation/records/records-schema";
import { appDb } from "../db/client";
import { migrateDatabases } from "./migrate";

test("U3: records, reasons and rewrites of an older version are found once it is migrated; a run keeps its dataset under any name", () => {
  process.env.WORKBENCH_DATA = mkdtempSync(join(tmpdir(), "workbench-test-"));
  migrate(appDb(), { migrationsFolder: migrationsUpTo("0013_labelled-sets", "app") });
  appDb().$client.exec(`
    INSERT INTO queues (id, name, about, created_at) VALUES (1, 'Run run-7: answers', '', 0);
    INSERT INTO annotators (id, name, created_at) VALUES (1, 'Ann', 0);
    INSERT INTO items (id, queue_id, position, prompt, first, second, source, hash)
      VALUES (1, 1, 1, '[{"role":"system","content":"Be brief."},{"role":"user","content":"What is rye?"}]', 'A cereal', 'A song', 's', 'a'),
             (2, 1, 2, '[{"role":"user","content":"And oats?"}]', 'Another', 'None', 's', 'b');
    INSERT INTO judgements (seq, key, annotator_id, item_id, kind, verdict, strength, rationale, rewrite, shown_left, active_ms, created_at)
      VALUES (1, 'a', 1, 2, 'vote', 'first', 2, 'kinder', 'Porridge', 'first', 1, 1)`);
  migrateDatabases();
  const found = (q: string) => recordIdsOf(1, recordFilter.parse({ q }));
  expect(["brief", "rye", "song", "kinder", "porridge", "content"].map(found)).toEqual([[1], [1], [1], [2], [2], []]);
  expect(appDb().$client.prepare("SELECT run FROM queues").pluck().get()).toBe("run-7");
});
