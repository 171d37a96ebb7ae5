import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { beforeEach, expect, test } from "vitest";
import { migrationsUpTo } from "../../test/database";
import { auditLog } from "../access/audit";
import { listGuidelines } from "../annotation/guidelines/versions";
import { appDb } from "../db/client";
import { credentials } from "../db/tables/accounts";
import { migrateDatabases } from "./migrate";

const held = globalThis as { workbenchApp?: unknown; workbenchMetrics?: unknown };
beforeEach(() => {
  process.env.WORKBENCH_DATA = mkdtempSync(join(tmpdir(), "workbench-db-"));
  held.workbenchApp = undefined;
  held.workbenchMetrics = undefined;
});

test("of accounts that one person of the provider was connected to the oldest connection stays, through which they came in, and the log says so", () => {
  migrate(appDb(), { migrationsFolder: migrationsUpTo("0047_wrong-steps", "app") });
  for (const id of [1, 2, 3]) {
    appDb().run(sql`INSERT INTO annotators (id, name, created_at) VALUES (${id}, ${`ann ${id}`}, 0)`);
    appDb().run(sql`INSERT INTO users (id, name, email, role, annotator_id, created_at, updated_at)
      VALUES (${`user ${id}`}, 'Ann', ${`${id}@x.invalid`}, 'viewer', ${id}, 0, 0)`);
  }
  const rows = [
    ["z", "user 2", "ann.elsewhere"],
    ["a", "user 1", "ann.elsewhere"],
    ["b", "user 3", "somebody.else"],
  ];
  for (const [id, user, person] of rows)
    appDb().run(sql`INSERT INTO credentials (id, user_id, account_id, provider_id, created_at, updated_at)
      VALUES (${id}, ${user}, ${person}, 'sso', 0, 0)`);
  migrateDatabases();
  const kept = appDb().select().from(credentials).all();
  expect(kept.map(({ userId }) => userId).sort()).toEqual(["user 2", "user 3"]);
  expect(auditLog("", Number.MAX_SAFE_INTEGER, 5)).toMatchObject([
    { name: "the workbench", method: "DELETE", path: "/api/team/user 1/connection" },
  ]);
});

test("guidelines that were written before versions were kept are versions, which ask nobody", () => {
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
