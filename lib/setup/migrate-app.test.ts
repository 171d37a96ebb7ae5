import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { expect, test } from "vitest";
import { migrationsUpTo } from "../../test/database";
import { listGuidelines } from "../annotation/guidelines/versions";
import { appDb } from "../db/client";
import { migrateDatabases } from "./migrate";

test("guidelines that were written before versions were kept are versions, which ask nobody", () => {
  process.env.WORKBENCH_DATA = mkdtempSync(join(tmpdir(), "workbench-db-"));
  migrate(appDb(), { migrationsFolder: migrationsUpTo("0039_nasty_sunset_bain", "app") });
  appDb().run(sql`INSERT INTO annotators (id, name, created_at) VALUES (1, 'Ann', 0)`);
  appDb().run(sql`INSERT INTO queues (id, name, about, guidelines, created_at)
    VALUES (1, 'changed', '', 'two', 5), (2, 'copied', '', 'from another', 6), (3, 'none', '', '', 7)`);
  appDb().run(sql`INSERT INTO queue_changes (queue_id, annotator_id, change, created_at)
    VALUES (1, 1, '{"guidelines":"one"}', 10), (1, 1, '{"overlap":2}', 20), (1, 1, '{"guidelines":"two","overlap":3}', 30)`);
  migrateDatabases();
  const common = { asks: false, agreed: 0 };
  expect(listGuidelines(1)).toEqual([
    { ...common, number: 2, guidelines: "two", who: "Ann", at: 30 },
    { ...common, number: 1, guidelines: "one", who: "Ann", at: 10 },
  ]);
  expect(listGuidelines(2)).toEqual([{ ...common, number: 1, guidelines: "from another", who: null, at: 6 }]);
  expect(listGuidelines(3)).toEqual([]);
});
