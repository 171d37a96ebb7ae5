// A run's page reserves a place for each chart from the method's own list: what is logged has to be on it, and no more.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { chartsOf } from "../../spec/methods/charts-of";
import { type MetricName, type MetricRow, metrics } from "../../spec/metrics/catalogue";
import { fewReviews } from "../../test/few-reviews";
import { silent } from "../run/observer";
import { run } from "../run/train";

test.each([
  ["DPO that samples", { method: "dpo", sampleEvery: 1, samplePrompts: 2, sampleLength: 8, evalEvery: 1 }],
  ["PPO", { method: "ppo", ppo: { rollouts: 4, maxCompletionLength: 12, reward: { gold: "film-reviews" } } }],
  [
    "REINFORCE++",
    {
      method: "reinforce-plus-plus",
      reinforcePlusPlus: { prompts: 4, maxCompletionLength: 12, reward: { gold: "film-reviews" } },
    },
  ],
  [
    "SPPO",
    { method: "sppo", sppo: { rounds: 1, promptsPerRound: 2, numGenerations: 8, judge: { gold: "film-reviews" } } },
  ],
  ["Nash-MD", { method: "nash-md", nashMd: { rounds: 1, promptsPerRound: 8, judge: { gold: "film-reviews" } } }],
  [
    "RAFT",
    { method: "raft", raft: { rounds: 1, promptsPerRound: 2, numGenerations: 8, reward: { gold: "film-reviews" } } },
  ],
  ["a reward model", { method: "reward", evalEvery: 1 }],
])("U46: the charts of %s are known before it starts", async (_, method) => {
  const config = runConfig.parse({
    ...method,
    model: { source: "tiny" },
    data: { train: fewReviews(), heldOut: 0.03, maxLength: 64 },
    batchSize: 2,
    maxSteps: 1,
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
  });
  const drawn = new Set<string>();
  const observer = {
    ...silent,
    metrics({ step: _, ...values }: MetricRow) {
      for (const name of Object.keys(values) as MetricName[]) drawn.add(metrics[name].chart ?? "");
    },
  };
  await run(config, { observer, signal: new AbortController().signal });
  drawn.delete("");
  expect([...drawn].toSorted()).toEqual([...chartsOf(config, true)].toSorted());
});
