import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { expect, test, vi } from "vitest";
import { freshDatabase } from "../../test/database";
import { appDb } from "../db/client";
import { beatEveryMs, runnerAlive } from "../runs/runner-alive";
import { beginHeartbeat } from "./heartbeat";

const folder = freshDatabase();

test("F4: a runner that finds the database held by another program says so, and its heartbeats go on", {
  tags: "long",
}, async () => {
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

test("F4: a runner whose disk is full sends heartbeats again once there is room, and has not repeated itself meanwhile", async () => {
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const { $client: sqlite } = appDb();
  const most = sqlite.pragma("max_page_count", { simple: true }) as number;
  sqlite.pragma(`max_page_count = ${sqlite.pragma("page_count", { simple: true })}`); // SQLite meets the end of its room
  const end = beginHeartbeat("x".repeat(10_000)); // more than fits into the pages that are there
  await vi.waitFor(() => expect(said).toHaveBeenCalled());
  await wait(beatEveryMs + 500); // it has tried twice
  expect(said.mock.calls.flat()).toEqual(["error: the runner goes on: database or disk is full\n"]);
  expect(runnerAlive(Date.now())).toBe(false);
  sqlite.pragma(`max_page_count = ${most}`);
  await vi.waitFor(() => expect(runnerAlive(Date.now())).toBe(true), { timeout: 30_000 });
  end();
  said.mockRestore();
});
