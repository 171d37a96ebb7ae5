import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test, vi } from "vitest";
import { freshDatabase } from "../../test/database";
import { runnerAlive } from "../runs/runner-alive";
import { beginHeartbeat } from "./heartbeat";

const folder = freshDatabase();

test("F4: a runner that finds the database held by another program says so and beats on", async () => {
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const other = new Database(join(folder, "app.db"));
  other.exec("BEGIN IMMEDIATE");
  const end = beginHeartbeat("test"); // tries for 15 s
  expect(said.mock.calls.flat().join("")).toContain("database is locked");
  expect(runnerAlive(Date.now())).toBe(false);
  other.exec("ROLLBACK");
  await vi.waitFor(() => expect(runnerAlive(Date.now())).toBe(true), { timeout: 30_000 });
  end();
  expect(runnerAlive(Date.now())).toBe(false);
  said.mockRestore();
});
