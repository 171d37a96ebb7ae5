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
  const read = readSweep({ rows: [{ path, text }], draws: "" });
  return read && "sweep" in read ? sweepProblem(read.sweep, config, problemsOf, (path) => path) : read?.problem;
};

test("U36: a value that its field would not take is named; what the schema takes passes", () => {
  expect(problem("dpo.beta", "0.1, 0.5, oops")).toBe('dpo.beta: oops must be a number, not "oops"');
  expect(problem("batchSize", "4, 0")).toBe("batchSize: 0 must be at least 1");
  expect(problem("dpo.lossType", "ipo, hinge")).toBeNull();
  expect(problem("dpo.beta", "0.1, 0.5")).toBeNull();
});
