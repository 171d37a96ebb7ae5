// The on-policy ruler on a run of DPO, which samples nothing itself.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Answer } from "../../spec/answers";
import { runConfig } from "../../spec/config";
import { lengthControlled } from "../../spec/length-controlled";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { mean } from "../../spec/statistics";
import { silent } from "../run/observer";
import { run } from "../run/train";

test("measures a run of DPO on its own answers: nothing has moved before the first step, and what is logged follows from the answers", async () => {
  const rows: MetricRow[] = [];
  const said: Answer[][] = [];
  const config = runConfig.parse({
    method: "dpo",
    model: { source: "tiny" },
    data: { train: "data/samples/film-reviews.jsonl.gz", heldOut: 0.1, maxLength: 160 },
    optimizer: { learningRate: 2e-3 },
    maxSteps: 6,
    sampleEvery: 6,
    samplePrompts: 12,
    sampleLength: 64,
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
  });
  const observer = {
    ...silent,
    metrics: (row: MetricRow) => void rows.push(row),
    answers: (_: number, answers: Answer[]) => void said.push(answers),
  };
  await run(config, { observer, signal: new AbortController().signal });

  const [start, end] = [rows[0]!, rows.at(-1)!];
  expect(start).toMatchObject({ step: 0, "on_policy/kl": 0, "on_policy/win_rate": 0.5, "on_policy/win_rate_se": 0 });
  expect(end["on_policy/kl"]).toBeGreaterThan(0.01);
  expect(end["general/perplexity"]).not.toBe(start["general/perplexity"]);

  const [before, after] = said as [Answer[], Answer[]];
  const gold = (answers: Answer[]) => answers.map((answer) => answer.gold!);
  expect(end["on_policy/gold"]).toBeCloseTo(mean(gold(after)), 10);
  const wins = gold(after).map((score, i) => (Math.sign(score - gold(before)[i]!) + 1) / 2);
  expect(end["on_policy/win_rate"]).toBeCloseTo(mean(wins), 10); // the reference is what the policy was
  const compared = after.map(({ answer }, i) => ({
    ...{ length: answer.length, otherLength: before[i]!.answer.length, preferred: wins[i]! },
  }));
  expect(end["on_policy/length_controlled_win_rate"]).toBeCloseTo(lengthControlled(compared).winRate, 10);
  expect(start).toMatchObject({ "on_policy/length_controlled_win_rate": 0.5 });
  expect(end["on_policy/kl"]).toBeCloseTo(mean(after.map(({ kl }) => kl)), 5);
  const tokens = after.reduce((sum, answer) => sum + answer.tokens, 0);
  expect(end["on_policy/kl_per_token"]).toBeCloseTo(after.reduce((sum, { kl }) => sum + kl, 0) / tokens, 6);
  expect(end["on_policy/reward"]).toBeUndefined(); // this run has no reward
});
