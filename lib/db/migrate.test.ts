import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

test("processes that meet on a fresh database all find it migrated", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-db-"));
  const meet = Date.now() + 4000; // all have started by then, and go at once
  const program = `import { migrateDatabases } from "./lib/db/migrate.ts"; while (Date.now() < ${meet}); migrateDatabases();`;
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
