import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { presets } from "../lib/runs/presets";
import { rewardFirst, usualRewardFirst } from "../lib/runs/reward-first";
import { runConfig } from "../spec/config";
import type { MetricRow } from "../spec/metrics/catalogue";
import { silent } from "../trainers/run/observer";
import { run } from "../trainers/run/train";

test("R1: the reward model that the form trains first ends on the film reviews with a held-out accuracy of at least 0.9", {
  tags: "long",
}, async () => {
  const { config } = presets.find(({ config }) => config.method === "ppo")!;
  const first = rewardFirst("PPO", config, usualRewardFirst("tiny"));
  const { data, ...settings } = first.config as { data?: object };
  const rows: MetricRow[] = [];
  await run(
    runConfig.parse({
      ...settings,
      data: { ...data, train: "data/samples/film-reviews.jsonl.gz" },
      output: mkdtempSync(join(tmpdir(), "workbench-test-")),
    }),
    {
      observer: { ...silent, metrics: (row) => void rows.push(row) },
      signal: new AbortController().signal,
    },
  );
  expect(rows.at(-1)!.step).toBe(usualRewardFirst("tiny").maxSteps);
  expect(rows.at(-1)!.eval_accuracy).toBeGreaterThanOrEqual(0.9);
});
