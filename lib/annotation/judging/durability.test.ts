// kill -9 while votes stream in: every vote that was acknowledged is there exactly once, and the database is whole.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { appDb } from "../../db/client";

const kills = 8;

test(`${kills} kills at random moments lose no acknowledged vote`, async () => {
  const folder = freshDatabase();
  const queue = seedQueue(20_000, kills);
  const acknowledged: string[] = [];
  for (let annotator = 1; annotator <= kills; annotator++) {
    const child = spawn(
      process.execPath,
      ["scripts/program.mjs", "test/vote-forever.ts", String(annotator), String(queue)],
      { env: { ...process.env, WORKBENCH_DATA: folder }, stdio: ["ignore", "pipe", "inherit"], detached: true },
    );
    const closed = new Promise((resolve) => child.once("close", resolve));
    let own = 0;
    const enough = 20 + Math.floor(Math.random() * 60);
    for await (const key of createInterface({ input: child.stdout })) {
      acknowledged.push(key);
      if (++own === enough) process.kill(-child.pid!, "SIGKILL");
    }
    await closed;
  }
  const rows = appDb().all<{ key: string; n: number }>(sql`SELECT key, count(*) n FROM judgements GROUP BY key`);
  const stored = new Map(rows.map(({ key, n }) => [key, n]));
  expect(acknowledged.length).toBeGreaterThanOrEqual(kills * 20);
  expect(acknowledged.filter((key) => stored.get(key) !== 1)).toEqual([]);
  expect(appDb().all(sql`PRAGMA integrity_check`)).toEqual([{ integrity_check: "ok" }]);
  expect(appDb().all(sql`PRAGMA foreign_key_check`)).toEqual([]);
});
