import { expect, test } from "vitest";
import { demoPreset } from "@/lib/runs/presets";
import { problemList, runConfig } from "@/spec/config";
import type { Nested } from "@/spec/paths";
import { readSweep, sweepProblem } from "./sweep";

const config: Nested = { ...demoPreset.config, data: { train: "x" }, output: "y" };
const problemsOf = (config: Nested) => {
  const { error } = runConfig.safeParse(config);
  return error ? problemList(error) : [];
};
const problem = (path: string, text: string) => {
  const read = readSweep({ rows: [{ path, text }], draws: "", halving: null });
  return read && "sweep" in read ? sweepProblem(read.sweep, config, problemsOf, (path) => path) : read?.problem;
};

test("U36: a value that its field would not take is named; what the schema takes passes", () => {
  expect(problem("dpo.beta", "0.1, 0.5, oops")).toBe('dpo.beta: oops must be a number, not "oops"');
  expect(problem("batchSize", "4, 0")).toBe("batchSize: 0 must be at least 1");
  expect(problem("dpo.lossType", "ipo, hinge")).toBeNull();
  expect(problem("dpo.beta", "0.1, 0.5")).toBeNull();
});

test("what is stopped early is read from the form; what is missing is named", () => {
  const rows = [{ path: "seed", text: "1, 2, 3" }];
  const read = (firstRung: string, factor = "3") =>
    readSweep({ rows, draws: "", halving: { metric: "eval_loss", firstRung, factor } });
  expect(read("20")).toMatchObject({ sweep: { halving: { metric: "eval_loss", firstRung: 20, factor: 3 } } });
  expect(read("")).toEqual({ problem: "First compared at step: give a number of steps" });
  expect(read("20", "1")).toEqual({ problem: "One of so many goes on: must be at least 2" });
});
