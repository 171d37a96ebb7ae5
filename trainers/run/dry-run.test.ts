import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { dryRun } from "./dry-run";

const golden = "data/golden/trajectories";
const run = (changes: object) =>
  runConfig.parse({
    method: "dpo",
    model: { source: `${golden}/model` },
    adapter: { rank: 4, alpha: 8 },
    data: { train: `${golden}/pairs.jsonl`, maxLength: 128 },
    output: "/tmp/workbench-dry-run-must-not-be",
    ...changes,
  });

test("four steps are timed, three of them told; the run's length is its own, and nothing is left", async () => {
  const config = run({ batchSize: 2, maxSteps: 50, saveEvery: 1 });
  const { seconds, stepsEach, totalSteps, peak } = await dryRun(config);
  expect([seconds.length, stepsEach, totalSteps]).toEqual([3, 1, 50]);
  for (const each of seconds) expect(each).toBeGreaterThan(0);
  expect(peak).toBeGreaterThan(1e8);
  expect(existsSync(config.output)).toBe(false);
});

test("a run shorter than that is tried whole; an update of PPO is one of its times", async () => {
  expect((await dryRun(run({ batchSize: 2, maxSteps: 2 }))).seconds).toHaveLength(1);
  const ppo = {
    rollouts: 4,
    epochs: 2,
    numMiniBatches: 1,
    maxCompletionLength: 4,
    reward: { rules: { length: { max: 3 } } },
  };
  expect(await dryRun(run({ method: "ppo", ppo, maxSteps: 6 }))).toMatchObject({ stepsEach: 2, totalSteps: 6 });
});
