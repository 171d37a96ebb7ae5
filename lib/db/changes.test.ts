import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { freshDatabase } from "../../test/database";
import { databaseState } from "./changes";
import { appDb } from "./client";
import { settings } from "./schema";

test("P2: who follows a run reads it anew only after a write, of this process or another, to either database", () => {
  const folder = freshDatabase();
  const before = databaseState();
  appDb().select().from(settings).all();
  expect(databaseState()).toBe(before);
  appDb().insert(settings).values({ name: "a", value: "1" }).run();
  const own = databaseState();
  expect(own).not.toBe(before);
  const states = [own];
  for (const [file, write] of [
    ["app.db", "UPDATE settings SET value = '2'"],
    ["metrics.db", "INSERT INTO log_lines (run_id, attempt, at, text) VALUES ('r', 1, 0, 'line')"],
  ] as const) {
    const other = new Database(join(folder, file));
    other.exec(write);
    other.close();
    states.push(databaseState());
  }
  expect(new Set(states).size).toBe(3);
});
