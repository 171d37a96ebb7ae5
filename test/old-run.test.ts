// What the workbench of commit 0afd992 left behind (data/golden/old-run/make.mjs): its databases open, its runs are listed, shown and compared,
// and the one that was stopped goes on where it was.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { exporters } from "../lib/datasets/snapshots/snapshot";
import { appDb } from "../lib/db/client";
import { rowsOf } from "../lib/history/metric-rows";
import { spawnTrainer } from "../lib/runner/child";
import { claimRun } from "../lib/runner/claim";
import { linesInput } from "../lib/runs/compare/compare-schema";
import { comparedRuns, linesOf } from "../lib/runs/compare/compared-runs";
import { listRuns } from "../lib/runs/list-runs";
import { runDetail } from "../lib/runs/run-detail";
import * as answers from "../lib/runs/run-schema";
import { requestResume } from "../lib/runs/stop-and-resume";
import { migrateDatabases } from "../lib/setup/migrate";
import { type EventOf, trainerEvent } from "../spec/events";

vi.setConfig({ testTimeout: 600_000, hookTimeout: 120_000 });
const madeIn = "/tmp/workbench-0afd992";
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "workbench-old-"));
  execFileSync("tar", ["-xzf", "data/golden/old-run/data.tar.gz", "-C", folder]);
  process.env.WORKBENCH_DATA = folder;
  migrateDatabases();
  // where it lay is in its rows: here it lies elsewhere
  for (const [table, column] of [
    ["checkpoints", "folder"],
    ["runs", "config"],
  ])
    appDb().$client.prepare(`UPDATE ${table} SET ${column} = replace(${column}, ?, ?)`).run(madeIn, folder);
});

test("runs of commit 0afd992 are listed, shown and compared", () => {
  expect(listRuns().map(({ id, status, step, totalSteps }) => [id, status, step, totalSteps])).toEqual([
    ["halfway", "stopped", 5, 8],
    ["whole", "finished", 6, 6],
  ]);
  const { checkpoints, checks, adapter, latest } = runDetail("whole");
  expect(checkpoints.map(({ step }) => step)).toEqual([6, 4, 2]);
  expect(checks.map(({ name }) => name)).toContain("finite");
  expect(adapter).toBe(true);
  expect(latest.loss).toBeCloseTo(0.66882, 4); // as its trainer printed it
  const rows = [...rowsOf("whole")];
  expect(rows.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(rows[1]!.loss).toBeCloseTo(Math.LN2, 5);

  const [whole, halfway] = comparedRuns(["whole", "halfway"]);
  expect([whole!.config["data.train"], halfway!.config.gradientAccumulationSteps]).toEqual(["snapshot:1", "64"]);
  expect(whole!.config.engine).toBe("workbench"); // a field that came later is no difference to a run of today
  const view = linesInput.parse({ metric: "loss", axis: "step", groups: "whole,halfway" });
  expect(linesOf(view).map((line) => line?.x.length)).toEqual([6, 5]);
  for (const id of ["whole", "halfway"]) {
    const sent: unknown = JSON.parse(JSON.stringify(runDetail(id)));
    expect(answers.runDetail.parse(sent)).toEqual(sent); // what its page reads
  }
});

test("a queue of commit 0afd992 is exported as the pairs that its snapshot froze", () => {
  const names = execFileSync("ls", [join(folder, "snapshots")], { encoding: "utf8" }).trim();
  expect(exporters.pairs(1)).toBe(readFileSync(join(folder, "snapshots", names), "utf8"));
});

test("a run that commit 0afd992 stopped goes on from its checkpoint to its end, on the snapshot that it was begun on", async () => {
  const before = [...rowsOf("halfway")];
  requestResume("halfway");
  await spawnTrainer(claimRun("test", Date.now)!, () => false).ended;
  const { status, error, checkpoints } = runDetail("halfway");
  expect([status, error]).toEqual(["finished", null]);
  const rows = [...rowsOf("halfway")];
  expect(rows.slice(0, 5)).toEqual(before);
  expect(rows.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(rows.map(({ loss }) => loss)).toEqual(rows.map(({ loss }) => loss).toSorted((a, b) => b! - a!)); // learns on
  expect(checkpoints[0]!.step).toBe(8);
  const events = readFileSync(join(folder, "runs", "halfway", "events-2.ndjson"), "utf8")
    .trim()
    .split("\n")
    .map((line) => trainerEvent.parse(JSON.parse(line)));
  const started = events.find((event): event is EventOf<"started"> => event.event === "started");
  expect(started).toMatchObject({ step: 5, totalSteps: 8, trainRows: 24 });
});
