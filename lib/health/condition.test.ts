import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test, vi } from "vitest";
import { freshDatabase } from "../../test/database";
import { appDb } from "../db/client";
import { beginHeartbeat } from "../runner/heartbeat";
import { beatEveryMs } from "../runs/runner-alive";
import { conditionAt } from "./condition";

const disk = vi.hoisted(() => ({ free: 1e9, size: 1e10 }));
vi.mock("../../common/disk", async (original) => ({
  ...(await original<typeof import("../../common/disk")>()),
  disk: () => disk,
}));

const folder = freshDatabase();
const minute = 60_000;

test("F4: every page says that the disk is full, the database held or the runner gone, and is silent once that is over", () => {
  const now = Date.now();
  const said = (after = 0) => conditionAt(now + after, minute);
  expect(conditionAt(now, 5000)).toBeNull(); // the runner starts beside the web process
  expect(said()).toContain("The runner is not there");
  const end = beginHeartbeat("test");
  expect(said()).toBeNull();

  const silent = 5 * beatEveryMs;
  const other = new Database(join(folder, "app.db"));
  other.exec("BEGIN IMMEDIATE");
  expect(said(silent)).toContain("Another program holds the database");
  other.exec("ROLLBACK");
  expect(said(silent)).toContain("The runner is not there");
  expect(appDb().$client.pragma("busy_timeout", { simple: true })).toBe(250);

  disk.free = 999_999;
  expect(said()).toContain("The disk is full");
  disk.free = 1e9;
  expect(said()).toBeNull();
  end();
});
