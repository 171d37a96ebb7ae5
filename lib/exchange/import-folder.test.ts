import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { engines } from "../../spec/engines";
import { freshDatabase } from "../../test/database";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { rowsOf } from "../history/metric-rows";
import { spawnTrainer } from "../runner/child";
import { claimRun } from "../runner/claim";
import { runDetail } from "../runs/run-detail";
import { requestResume } from "../runs/stop-and-resume";
import { importFolder } from "./import-folder";

let folder = "";
beforeAll(() => {
  freshDatabase();
  engines.toy = { command: ["node", "test/toy-engine.mjs"], methods: ["dpo"] };
});
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "workbench-run-")));
});

function writeRun(more: object = {}): void {
  const config = { method: "dpo", engine: "toy", model: { source: "tiny" }, data: { train: "pairs.jsonl" }, ...more };
  writeFileSync(
    join(folder, "run.json"),
    JSON.stringify({ ...config, configVersion: 2, maxSteps: 25, output: folder }),
  );
}
const write = (name: string, ...lines: object[]) =>
  appendFileSync(join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
const started = (step: number) => ({
  ...{ event: "started", step, totalSteps: 25 },
  ...{ trainRows: 1, heldOutRows: 0, parameters: 1 },
});
const metrics = (step: number, loss: number) => ({ event: "metrics", step, values: { loss, "no/such": 1 } });
const losses = (id: string) => [...rowsOf(id)].map(({ step, loss }) => [step, loss]);

test("a folder with events becomes a finished run with its curve and checkpoints; again it is the same run, and nothing is doubled", () => {
  writeRun();
  write("attempt-1.json", { checkpoints: [], allowChanged: false, history: null });
  spawnSync(process.execPath, ["test/toy-engine.mjs", folder, "1"]);
  const first = importFolder(folder, "From the command line", 1000);
  expect(first).toMatchObject({ name: "From the command line", method: "dpo", status: "finished", steps: 25 });
  const again = importFolder(`${folder}/.`, "Another name", 2000);
  expect(again).toEqual(first);
  expect(losses(first.id)).toEqual(Array.from({ length: 25 }, (_, i) => [i + 1, Math.sin(i + 1) / (i + 1)]));
  expect(runDetail(first.id).checkpoints.map(({ step }) => step)).toEqual([25, 20, 10]);
  expect(appDb().select().from(runs).all()).toHaveLength(1);
});

test("a folder that grows is read on; a resumed attempt takes back what it repeats; and what was stopped goes on under the runner, in its folder", async () => {
  writeRun();
  write("events-1.ndjson", started(0), metrics(1, 0.5), metrics(2, 0.4));
  const { id, status } = importFolder(folder, "Growing", 1000);
  expect([status, ...losses(id)]).toEqual(["stopped", [1, 0.5], [2, 0.4]]);
  write("events-1.ndjson", metrics(3, 0.3), { event: "failed", message: "out of luck", stack: "Error: out of luck" });
  expect(importFolder(folder, "Growing", 1000)).toMatchObject({ id, status: "failed", steps: 3 });
  expect(runDetail(id).error).toBe("out of luck");
  write("events-2.ndjson", started(1), metrics(2, 0.41), { event: "finished", stopped: true });
  expect(importFolder(folder, "Growing", 1000)).toMatchObject({ id, status: "stopped", steps: 2 });
  expect(losses(id)).toEqual([
    [1, 0.5],
    [2, 0.41],
  ]);

  requestResume(id);
  const claim = claimRun("test", Date.now)!;
  expect([claim.run.id, claim.attempt]).toEqual([id, 3]);
  await spawnTrainer(claim, () => false).ended;
  expect(runDetail(id)).toMatchObject({ status: "finished", error: null });
  expect(losses(id)).toHaveLength(25);
  expect(runDetail(id).checkpoints[0]).toMatchObject({ step: 25 });
});

test("a folder of a version that wrote no events has its metrics and checkpoints", () => {
  writeRun();
  write("metrics.ndjson", { step: 1, loss: 0.5 }, { step: 2, loss: 0.4, "rewards/chosen": "NaN" });
  const saved = join(folder, "checkpoints", "step-000002-a1");
  mkdirSync(saved, { recursive: true });
  writeFileSync(join(saved, "manifest.json"), "{}");
  const { id } = importFolder(folder, "Older", 1000);
  write("metrics.ndjson", { step: 3, loss: 0.3 });
  writeFileSync(join(folder, "adapter_model.safetensors"), "");
  expect(importFolder(folder, "Older", 1000)).toMatchObject({ id, status: "finished", steps: 3 });
  expect(losses(id)).toEqual([
    [1, 0.5],
    [2, 0.4],
    [3, 0.3],
  ]);
  const { checkpoints, totalSteps, adapter } = runDetail(id);
  expect([checkpoints.map(({ step }) => step), totalSteps, adapter]).toEqual([[2], 25, true]);
});

test("what is no run's folder is refused with what is missing", () => {
  expect(() => importFolder(folder, "x", 0)).toThrow(/no run's folder: it has no run\.json/);
  writeRun();
  expect(() => importFolder(folder, "x", 0)).toThrow(/neither events-1\.ndjson nor metrics\.ndjson/);
  writeRun({ engine: "gone" });
  expect(() => importFolder(folder, "x", 0)).toThrow(/there is no engine gone/);
});
