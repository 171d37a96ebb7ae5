import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeEach, expect, test, vi } from "vitest";
import { dataFolder, runFolder } from "../../common/env";
import { appendPoint, beginAttempt } from "../../test/attempts";
import { freshDatabase, seedRun } from "../../test/database";
import { program } from "../../test/program";
import { faultsOfData } from "../backup/verify";
import { appDb } from "../db/client";
import { checkpoints, leases, type Run, runs } from "../db/tables/runs";
import { rowsOf } from "../history/metric-rows";
import { checkpointsOf, getRun } from "../runs/attempts";
import { clean } from "./clean";
import { sizesOf, storedFiles } from "./files";
import { usualRules } from "./rules";
import { emptyTrash } from "./trash";

const disk = vi.hoisted(() => ({ isBroken: false }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  return {
    ...real,
    rmSync(...words: Parameters<typeof real.rmSync>) {
      if (disk.isBroken) throw new Error("killed");
      real.rmSync(...words);
    },
  };
});

freshDatabase();
beforeEach(() => {
  disk.isBroken = false;
  for (const table of [leases, checkpoints, runs]) appDb().delete(table).run();
  for (const name of ["runs", "trash", "uploads", "reference-scores"])
    rmSync(join(dataFolder(), name), { recursive: true, force: true });
});

const day = 86_400_000;
const now = Date.UTC(2026, 5, 1);

function write(path: string, bytes: number, at = now): void {
  const file = join(dataFolder(), path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "x".repeat(bytes));
  utimesSync(file, at / 1000, at / 1000);
}

/** A run with whole checkpoints at these steps, each of 1,000 bytes and a manifest. */
function runWith(id: string, status: Run["status"], steps: number[], config: object = {}): void {
  seedRun(id);
  const row = getRun(id)!;
  appDb()
    .update(runs)
    .set({ status, finishedAt: now, config: { ...row.config, output: runFolder(id), ...config } as typeof row.config })
    .where(eq(runs.id, id))
    .run();
  appDb().insert(leases).values({ runId: id, owner: "x", attempt: 1, expiresAt: 0 }).run();
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  for (const step of steps) {
    const folder = checkpoint(id, step);
    write(join("runs", id, "checkpoints", `step-${step}-a1`, "weights"), 1000);
    const manifest = JSON.stringify({ step, files: { weights: sha256("x".repeat(1000)) } });
    writeFileSync(join(folder, "manifest.json"), manifest);
    const row = { runId: id, step, attempt: 1, folder, manifestHash: sha256(manifest), createdAt: 0 };
    appDb().insert(checkpoints).values(row).run();
  }
}
const checkpoint = (id: string, step: number) => join(runFolder(id), "checkpoints", `step-${step}-a1`);
const stepsOf = (id: string) => checkpointsOf(id).map(({ step }) => step);
const onDisk = (id: string) => readdirSync(join(runFolder(id), "checkpoints")).sort();

test("of a run that has ended the newest checkpoint stays, and those that a config names; of one that waits or trains all do", async () => {
  runWith("ended", "finished", [10, 20, 30, 40]);
  runWith("stopped", "stopped", [10, 20]);
  runWith("waits", "queued", [10, 20], { adapter: { init: checkpoint("ended", 20) } });
  runWith("trains", "running", [10, 20]);
  runWith("paused", "failed", [10], { reference: join(checkpoint("ended", 30), "value") });
  const { deleted, kept } = await clean(usualRules, now);
  expect(deleted.map(({ what }) => what)).toEqual([
    "the checkpoint of step 10 of run ended",
    "the checkpoint of step 10 of run stopped",
  ]);
  const manifest = JSON.stringify({ step: 10, files: { weights: "0".repeat(64) } }).length;
  expect(deleted.map(({ bytes }) => bytes)).toEqual([1000 + manifest, 1000 + manifest]);
  expect(kept).toEqual([]);
  expect(stepsOf("ended")).toEqual([40, 30, 20]);
  expect(onDisk("ended")).toEqual(["step-20-a1", "step-30-a1", "step-40-a1"]);
  expect(["stopped", "waits", "trains"].map(stepsOf)).toEqual([[20], [20, 10], [20, 10]]);
  expect(readdirSync(join(dataFolder(), "trash"))).toEqual([]);
});

test("what a run file says of how many are kept stands before the rule", async () => {
  runWith("three", "finished", [10, 20, 30, 40], { saveTotalLimit: 3 });
  await clean(usualRules, now);
  expect(stepsOf("three")).toEqual([40, 30, 20]);
});

test("where the newest checkpoint is damaged the older ones stay, and it is said why", async () => {
  runWith("hurt", "stopped", [10, 20]);
  writeFileSync(join(checkpoint("hurt", 20), "weights"), "y".repeat(1000));
  const { deleted, kept } = await clean(usualRules, now);
  expect(deleted).toEqual([]);
  expect(kept).toEqual([`${checkpoint("hurt", 20)} is damaged, so older checkpoints of its run stay`]);
  expect(stepsOf("hurt")).toEqual([20, 10]);
});

test("who confirmed a list has no more deleted than that, and nothing of it that is needed by then", async () => {
  runWith("one", "finished", [10, 20, 30]);
  runWith("two", "finished", [10, 20]);
  const listed = [10, 20].map((step) => join("runs", "one", "checkpoints", `step-${step}-a1`));
  runWith("forked", "queued", [], { adapter: { init: checkpoint("one", 20) } }); // since
  await clean(usualRules, now, [...listed, "app.db", "../outside"]);
  expect([stepsOf("one"), stepsOf("two")]).toEqual([
    [30, 20],
    [20, 10],
  ]);
});

test("a clean-up that was killed is finished by the next one, or the next start, and leaves rows and files in agreement", async () => {
  runWith("ended", "finished", [10, 20, 30]);
  disk.isBroken = true; // what is to be deleted is in the trash by then
  await expect(clean(usualRules, now)).rejects.toThrow("killed");
  disk.isBroken = false;
  expect([stepsOf("ended"), onDisk("ended")]).toEqual([[30, 20, 10], ["step-30-a1"]]);
  await emptyTrash();
  expect([stepsOf("ended"), onDisk("ended")]).toEqual([[30], ["step-30-a1"]]);
  expect(readdirSync(join(dataFolder(), "trash"))).toEqual([]);
  expect(faultsOfData()).toEqual([]);
});

test("half-written files go once nobody writes them, reference scores after a month in which no run waits", async () => {
  runWith("ended", "finished", []);
  runWith("trains", "running", []);
  const scratch = join("checkpoints", "tmp-step-20-a1", "weights");
  for (const id of ["ended", "trains"]) write(join("runs", id, scratch), 100);
  write("uploads/old.jsonl", 10, now - 2 * day);
  write("uploads/new.jsonl", 10, now);
  for (const [policy, age] of [
    ["unused", 31],
    ["used", 29],
  ] as const)
    write(`reference-scores/${policy}/a.scores`, 50, now - age * day);
  const pathsOf = async () => (await clean(usualRules, now)).deleted.map(({ path, bytes }) => [path, bytes]);
  expect(await pathsOf()).toEqual([
    ["runs/ended/checkpoints/tmp-step-20-a1", 100],
    ["uploads/old.jsonl", 10],
  ]);
  appDb().update(runs).set({ status: "stopped" }).where(eq(runs.id, "trains")).run();
  expect(await pathsOf()).toEqual([
    ["reference-scores/unused", 50],
    ["runs/trains/checkpoints/tmp-step-20-a1", 100],
  ]);
  expect(existsSync(join(dataFolder(), "reference-scores", "used"))).toBe(true);
});

test("old runs go only where that is asked for, with rows, curves and files, and never one that another builds on", async () => {
  runWith("alone", "finished", [10]);
  runWith("parent", "finished", [10]);
  runWith("child", "finished", [], { adapter: { init: runFolder("parent") } });
  appDb()
    .update(runs)
    .set({ finishedAt: now - 100 * day })
    .run();
  appDb().update(runs).set({ finishedAt: now }).where(eq(runs.id, "child")).run();
  beginAttempt({ runId: "alone", attempt: 1 }, 0);
  appendPoint({ runId: "alone", attempt: 1 }, { step: 1, loss: 1 }, now);
  expect((await clean(usualRules, now)).deleted).toEqual([]);
  const { deleted } = await clean({ ...usualRules, runDays: 90 }, now);
  expect(deleted.map(({ what }) => what)).toEqual(["run alone"]);
  expect([getRun("alone"), existsSync(runFolder("alone")), [...rowsOf("alone")]]).toEqual([undefined, false, []]);
  expect(getRun("parent")).toBeDefined();
});

test("every byte of the data folder is counted once, by what it is", async () => {
  runWith("one", "finished", [10]);
  for (const [path, bytes] of [
    ["runs/one/adapter_model.safetensors", 7],
    ["runs/one/events-1.ndjson", 5],
    ["backups/today/app.db", 3],
    ["snapshots/a.jsonl", 2],
    ["reference-scores/p/a.scores", 11],
    ["secret", 1],
  ] as const)
    write(path, bytes);
  const files = await storedFiles();
  const sizes = sizesOf(files);
  expect(sizes).toMatchObject({ results: 7, records: 5, backups: 3, trainingSets: 2, caches: 11, other: 1 });
  const all = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
  expect(all).toBe(files.reduce((sum, { bytes }) => sum + bytes, 0));
});

test("workbench clean lists what would go and its size, and deletes it with --yes", () => {
  runWith("ended", "finished", [10, 20, 30]);
  const workbench = program("lib/cli.ts");
  const asked = workbench("clean", "--checkpoints", "2");
  expect(asked.status).toBe(0);
  expect(
    asked.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object),
  ).toMatchObject([{ kind: "checkpoint", path: "runs/ended/checkpoints/step-10-a1" }]);
  expect(asked.stderr).toMatch(/^1\.1 kB would be deleted; add --yes to do it$/m);
  expect(stepsOf("ended")).toEqual([30, 20, 10]);
  expect(workbench("clean", "--yes").stderr).toMatch(/^deleted: 2\.2 kB$/m);
  expect(stepsOf("ended")).toEqual([30]);
  expect(workbench("clean", "--checkpoints", "0").status).toBe(2);
});
