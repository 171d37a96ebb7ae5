import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { dataFolder } from "../../common/env";
import { runConfig } from "../../spec/config";
import { dryRun } from "./dry-run";

vi.stubEnv("WORKBENCH_DATA", mkdtempSync(join(tmpdir(), "workbench-dry-run-")));
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

test("four steps are timed, three of them told; the run's length is its own, and nothing is left, nor of one that was killed", async () => {
  const [killed, going] = [2 ** 22 + 1, process.pid].map((pid) => join(dataFolder(), `dry-run-${pid}-left`)); // Linux has no pid so high
  for (const folder of [killed!, going!]) mkdirSync(folder, { recursive: true });
  const config = run({ batchSize: 2, maxSteps: 50, saveEvery: 1 });
  const { seconds, stepsEach, totalSteps, peak } = await dryRun(config);
  expect([seconds.length, stepsEach, totalSteps]).toEqual([3, 1, 50]);
  for (const each of seconds) expect(each).toBeGreaterThan(0);
  expect(peak).toBeGreaterThan(1e8);
  expect([config.output, killed!, going!].map((path) => existsSync(path))).toEqual([false, false, true]);
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
  const sampled = await dryRun(run({ method: "ppo", ppo, maxSteps: 6 }));
  expect(sampled).toMatchObject({ stepsEach: 2, totalSteps: 6 });
  expect(sampled.scored).toHaveLength(4);
  for (const { score, parts } of sampled.scored) expect(parts).toEqual({ length: score });
});

test("a reward function is tried: its rewards of the first answers, or what is wrong with it even where a run would go on", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "workbench-dry-run-")), "r.py");
  const given = { file, onFailure: "zero" };
  const grpo = {
    prompts: 2,
    numGenerations: 2,
    maxCompletionLength: 4,
    reward: { function: given, rules: { json: {} } },
  };
  const tried = () => dryRun(run({ method: "grpo", grpo, maxSteps: 1, data: { train: `${golden}/pairs.jsonl` } }), 1);
  writeFileSync(file, "def reward(completions, **_):\n  return [7, None, 1, 2]");
  const { scored } = await tried();
  expect(scored.map(({ parts }) => parts)).toEqual([7, null, 1, 2].map((own) => ({ function: own, json: 0 })));
  writeFileSync(file, "def reward(**_):\n  return nothing");
  await expect(tried()).rejects.toThrow(/^the reward function \S+ failed at \S+r\.py:2: NameError/);
});

test.each([
  { method: "grpo", grpo: { prompts: 2, numGenerations: 2, reward: { grader: { endpoint: "marker" } } } },
  { method: "iterative-dpo", iterativeDpo: { promptsPerRound: 4, numGenerations: 2, judge: { queue: "new" } } },
])("a run that people or an endpoint judge is not tried, and does not wait for them: $method", async (method) => {
  const data = { train: "data/samples/film-reviews.jsonl.gz" };
  await expect(dryRun(run({ model: { source: "tiny" }, data, ...method }))).rejects.toThrow(
    "asks neither people nor endpoints",
  );
});
