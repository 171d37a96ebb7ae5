// The demo learns: a real run on the tiny model and the film reviews, shortened to 60 steps.

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Answer } from "../spec/answers";
import { runConfig } from "../spec/config";
import type { MetricRow } from "../spec/metrics/catalogue";
import { silent } from "./run/observer";
import { run } from "./run/train";

test("held-out accuracy passes 0.8 and the oracle reward rises, from a policy that is its reference", {
  tags: "long",
}, async () => {
  const demo = JSON.parse(readFileSync("data/samples/demo-run.json", "utf8")) as object;
  const config = runConfig.parse({
    ...demo,
    maxSteps: 60,
    evalEvery: 60,
    sampleEvery: 60,
    saveEvery: null,
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
  });
  const rows: MetricRow[] = [];
  const answers = new Map<number, Answer[]>();
  await run(config, {
    signal: new AbortController().signal,
    observer: {
      ...silent,
      metrics: (row) => rows.push(row),
      answers: (step, list) => answers.set(step, list),
    },
  });
  const [start, end] = [rows[0]!, rows.at(-1)!];
  expect(start).toMatchObject({ step: 0, "on_policy/kl": 0 }); // same policy, exactly
  expect(start["eval_rewards/margins"]).toBeCloseTo(0, 4); // the reference scores each row by itself, and rounds otherwise
  expect(start.eval_loss).toBeCloseTo(Math.log(2), 5);
  expect(end.step).toBe(60);
  expect(end["eval_rewards/accuracies"]).toBeGreaterThan(0.8);
  expect(end["on_policy/kl"]).toBeGreaterThan(0);
  expect(end["on_policy/gold"]!).toBeGreaterThan(start["on_policy/gold"]!);
  expect(answers.get(0)!.map(({ prompt }) => prompt)).toEqual(answers.get(60)!.map(({ prompt }) => prompt));
  for (const { kl } of answers.get(60)!) expect(kl).toBeGreaterThanOrEqual(0);
});
