import { expect, test } from "vitest";
import { problemList, runConfig } from "./config";

const run = { method: "dpo", model: { source: "tiny" }, data: { train: "pairs.jsonl" }, output: "out" };

test.each([
  [{ batchSize: -3 }, "batchSize", "must be at least 1"],
  [{ batchSize: 2.5 }, "batchSize", "must be a whole number"],
  [{ optimizer: { learningRate: "abc" } }, "optimizer.learningRate", 'must be a number, not "abc"'],
  [{ optimizer: { learningRate: "0,0007" } }, "optimizer.learningRate", 'must be a number, not "0,0007"; write 0.0007'],
  [{ optimizer: { schedule: "steep" } }, "optimizer.schedule", /^must be one of .*linear/],
  [{ data: { train: "x", heldOut: 1 } }, "data.heldOut", "must be at most 0.5"],
])("U37: %j is refused in words that go after the field's label", (change, path, message) => {
  const { error } = runConfig.safeParse({ ...run, ...change });
  expect(problemList(error!)).toContainEqual({
    path,
    message: typeof message === "string" ? message : expect.stringMatching(message),
  });
});
