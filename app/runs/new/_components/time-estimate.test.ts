import { expect, test } from "vitest";
import type { RunSummary } from "@/lib/runs/run-schema";
import { runConfig } from "@/spec/config";
import { paceOf, stepsOf } from "./time-estimate";

const config = runConfig.parse({
  method: "dpo",
  model: { source: "tiny" },
  data: { train: "x" },
  output: "y",
  batchSize: 4,
});
const run = (own: Partial<RunSummary>): RunSummary => ({
  ...{
    id: "a",
    name: "earlier",
    method: "dpo",
    model: "tiny",
    machine: null,
    status: "finished",
    stopping: false,
    step: 10,
  },
  ...{
    totalSteps: 10,
    remainingMs: null,
    startedBy: null,
    createdAt: 0,
    startedAt: 1000,
    finishedAt: 6000,
    note: null,
    error: null,
  },
  ...{ inputsChanged: false, latest: {}, alertCount: 0, waitsFor: [], origin: null },
  ...{ tags: [], remark: "", archived: false, place: null, notBefore: null, priority: "normal", held: false },
  ...own,
});

test("a run's pace is that of the last one of its method and model that finished", () => {
  const runs = [run({ method: "ppo", name: "other" }), run({ status: "failed", name: "failed" }), run({})];
  expect(paceOf(config, runs)).toEqual({ name: "earlier", msEach: 500 }); // 5 s for ten steps
  expect(paceOf(config, runs.slice(0, 2))).toBeNull();
});

test("its steps come from its limit, else from rows and batch", () => {
  const learned = { count: 10, words: "pairs" };
  expect(stepsOf(config, learned)).toBe(3); // ten rows in fours
  expect(stepsOf({ ...config, maxSteps: 7 }, learned)).toBe(7);
  expect(stepsOf(config, { ...learned, count: 0 })).toBeNull();
});
