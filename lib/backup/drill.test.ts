// The restore drill: a backup is taken while annotators vote and a run trains, and restored elsewhere.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import Database from "better-sqlite3";
import { eq } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { runFolder } from "../../common/env";
import { end, start, wordsOf } from "../../test/children";
import { freshDatabase, seedQueue, seedRun } from "../../test/database";
import { program, scratch } from "../../test/program";
import { appDb } from "../db/client";
import { reading } from "../db/soundness";
import { runs } from "../db/tables/runs";
import { databaseFiles } from "./manifest";

const workbench = program("lib/cli.ts");
const id = "drill";

/** The rows of every table, as text. */
function tables(path: string): Map<string, string> {
  return reading(path, (sqlite) => {
    const names = sqlite.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all();
    return new Map(
      (names as string[]).map((name) => [name, JSON.stringify(sqlite.prepare(`SELECT * FROM "${name}"`).raw().all())]),
    );
  });
}

test("a backup under votes and training, restored elsewhere, has every table as it was copied and every acknowledged vote; the run goes on there", {
  tags: "long",
}, async () => {
  const source = freshDatabase();
  const queue = seedQueue(20_000, 1);
  seedRun(id);
  const config = { ...appDb().select().from(runs).get()!.config, maxSteps: 100_000, output: runFolder(id) };
  appDb()
    .update(runs)
    .set({ config: config as never })
    .where(eq(runs.id, id))
    .run();
  const runner = start(wordsOf("test/toy-runner.ts"));
  const saved = () => appDb().$client.prepare("SELECT count(*) FROM checkpoints").pluck().get();
  await vi.waitFor(() => expect(saved()).toBeGreaterThan(2), { timeout: 100_000, interval: 200 });
  const voter = start(wordsOf("test/vote-forever.ts", "1", String(queue)));
  let printed = "";
  voter.stdout!.on("data", (chunk) => (printed += chunk));
  await vi.waitFor(() => expect(printed.length).toBeGreaterThan(1000), { timeout: 100_000, interval: 200 });

  const acknowledged = printed.trim().split("\n");
  const backup = join(scratch(), "backup");
  expect(workbench("backup", backup)).toMatchObject({ status: 0, stderr: "" });
  await end(voter, "SIGKILL");
  expect(printed.trim().split("\n").length).toBeGreaterThan(acknowledged.length); // it voted on meanwhile
  await end(runner, "SIGTERM");

  const elsewhere = join(scratch(), "data");
  vi.stubEnv("WORKBENCH_DATA", elsewhere);
  expect(workbench("restore", backup).status).toBe(0);
  expect(JSON.parse(workbench("verify").stdout)).toEqual({ sound: true, faults: 0 });
  for (const file of Object.values(databaseFiles)) {
    const [copied, restored] = [tables(join(backup, file)), tables(join(elsewhere, file))];
    expect([...restored.keys()]).toEqual([...copied.keys()]);
    for (const [name, rows] of copied) // only paths of runs' files are other ones
      expect(restored.get(name)!.replaceAll(elsewhere, source), name).toBe(rows);
  }
  const keys = reading(join(elsewhere, "app.db"), (sqlite) =>
    sqlite.prepare("SELECT key FROM judgements").pluck().all(),
  );
  expect(acknowledged.filter((key) => !keys.includes(key))).toEqual([]);

  const total = goOn(elsewhere);
  const again = start(wordsOf("test/toy-runner.ts"));
  const status = () => reading(join(elsewhere, "app.db"), (db) => db.prepare("SELECT status FROM runs").pluck().get());
  await vi.waitFor(() => expect(status()).toBe("finished"), { timeout: 90_000, interval: 200 });
  await end(again, "SIGTERM");
  const curve = steps(); // longer than that where the copied events tell of later checkpoints
  expect(curve.length).toBeGreaterThanOrEqual(total);
  expect(curve).toEqual(curve.map((_, i) => i + 1));
});

/** Lets its run be taken up at once, and end twenty steps after the last checkpoint that the backup's rows tell of. */
function goOn(data: string): number {
  const sqlite = new Database(join(data, "app.db"));
  const steps = (sqlite.prepare("SELECT max(step) FROM checkpoints").pluck().get() as number) + 20;
  sqlite.prepare("UPDATE runs SET config = json_set(config, '$.maxSteps', ?)").run(steps);
  sqlite.exec("UPDATE leases SET expires_at = 0");
  sqlite.close();
  return steps;
}

/** The steps of the run's curve, read by a process that has the data of WORKBENCH_DATA open. */
function steps(): number[] {
  const source = `import { rowsOf } from "./lib/history/metric-rows.ts"; console.log(JSON.stringify([...rowsOf("${id}")].map(({ step }) => step)))`;
  const words = ["--import", "tsx", "--input-type=module", "--eval", source];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8" })) as number[];
}
