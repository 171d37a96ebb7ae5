import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { sql } from "drizzle-orm";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { expect, test } from "vitest";
import { migrationsUpTo } from "../../test/database";
import { metricsDb } from "../db/client";
import { encodeColumn } from "../history/blocks";
import { rowsOf } from "../history/metric-rows";
import { historyOf } from "../history/read-history";
import { migrateDatabases } from "./migrate";

test("processes that meet on a fresh database all find it migrated", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-db-"));
  const meet = Date.now() + 4000; // all have started by then, and go at once
  const program = `import { migrateDatabases } from "./lib/setup/migrate.ts"; while (Date.now() < ${meet}); migrateDatabases();`;
  const starts = Array.from({ length: 4 }, async () => {
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
      env: { ...process.env, WORKBENCH_DATA: folder },
    });
    const [errors, status] = await Promise.all([
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once("close", resolve)),
    ]);
    return { status, errors };
  });
  for (const { status, errors } of await Promise.all(starts)) expect(status, errors).toBe(0);
});

test("blocks that were stored with buckets keep their points, and get summaries", () => {
  process.env.WORKBENCH_DATA = mkdtempSync(join(tmpdir(), "workbench-db-"));
  migrate(metricsDb(), { migrationsFolder: migrationsUpTo("0005_histograms", "metrics") });
  const rows = [1, 2, 3].map((step) => ({ step, loss: step / 2 }));
  const points = encodeColumn({ steps: rows.map(({ step }) => step), values: rows.map(({ loss }) => loss) });
  metricsDb().run(
    sql`insert into blocks (run_id, metric, chunk, buckets, points) values ('a', 'loss', 0, ${Buffer.alloc(8)}, ${points})`,
  );
  migrateDatabases();
  expect([...rowsOf("a")]).toEqual(rows);
  expect(historyOf("a", "loss", { columns: 10, smooth: 0 }).mean).toEqual([0.5, 1, 1.5]);
});
