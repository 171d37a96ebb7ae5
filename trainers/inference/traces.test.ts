// What a run shows of its rollouts adds up: rewards, advantages and returns follow from one another, and ratios from the update.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { isClipped, type TracedRollout } from "../../spec/rollouts";
import { sum } from "../../spec/statistics";
import { fewReviews } from "../../test/few-reviews";
import { silent } from "../run/observer";
import { run } from "../run/train";

async function traced(method: "ppo" | "grpo" | "rloo", learningRate: number) {
  const shared = { numMiniBatches: 1, maxCompletionLength: 12, reward: { gold: "film-reviews" } };
  const options = {
    ppo: { ...shared, rollouts: 6, numPpoEpochs: 2, klCoef: 0.2, gamma: 0.9, lam: 0.8, whitenAdvantages: false },
    grpo: { ...shared, prompts: 2, numGenerations: 3, numIterations: 2 },
    rloo: { ...shared, prompts: 2, numGenerations: 3, numIterations: 2 },
  }[method];
  const config = runConfig.parse({
    ...{ method, [method]: options, model: { source: "tiny" }, maxSteps: 4, optimizer: { learningRate } },
    data: { train: fewReviews() },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
  });
  const found: { step: number; rollouts: TracedRollout[] }[] = [];
  const rows: MetricRow[] = [];
  const observer = {
    ...silent,
    metrics: (row: MetricRow) => void rows.push(row),
    rollouts: (step: number, rollouts: TracedRollout[]) => void found.push({ step, rollouts }),
  };
  await run(config, { observer, signal: new AbortController().signal });
  return { found, rows };
}

test("PPO: rewards are the score less the KL's price, advantages theirs by GAE, returns what the critic is to learn", async () => {
  const { found, rows } = await traced("ppo", 1e-2);
  expect(found.map(({ step }) => step)).toEqual([2, 4]); // an update takes two steps
  for (const { rollouts } of found) expect(rollouts).toHaveLength(4);
  const ratios = found.flatMap(({ rollouts }) => rollouts.flatMap(({ columns }) => columns.ratio!));
  expect(Math.max(...ratios) - Math.min(...ratios)).toBeGreaterThan(0.01); // two steps have moved the policy
  for (const { score, tokens, columns } of found[1]!.rollouts) {
    const { reward, value, kl, advantage, return: returns, logProb, reference } = columns as Record<string, number[]>;
    const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(2e-3 * Math.max(1, Math.abs(b)));
    let [next, after] = [0, 0];
    for (let t = tokens.length - 1; t >= 0; t--) {
      near(kl![t]!, logProb![t]! - reference![t]!);
      near(reward![t]!, -0.2 * kl![t]! + (t === tokens.length - 1 ? score! : 0));
      next = reward![t]! + 0.9 * after - value![t]! + 0.9 * 0.8 * next; // Schulman et al. 2016, eq. 16
      after = value![t]!;
      near(advantage![t]!, next);
      near(returns![t]!, advantage![t]! + value![t]!);
    }
  }
  const scores = found[1]!.rollouts.map(({ score }) => score);
  expect(scores.every(Number.isFinite)).toBe(true);
  expect(rows).toHaveLength(2);
});

test("without a step the ratio is 1, and nothing is clipped", async () => {
  const { found } = await traced("ppo", 1e-12);
  for (const { columns, clip } of found[0]!.rollouts) {
    for (const ratio of columns.ratio!) expect(ratio).toBeCloseTo(1, 3);
    expect(columns.ratio!.some((ratio, t) => isClipped(ratio, columns.advantage![t]!, clip!))).toBe(false);
  }
});

test.each(["grpo", "rloo"] as const)(
  "%s: the completions of a prompt stand side by side, with one advantage each and no critic",
  async (method) => {
    const { found } = await traced(method, 1e-3);
    const { rollouts } = found[0]!;
    expect(new Set(rollouts.slice(0, 3).map(({ prompt }) => JSON.stringify(prompt))).size).toBe(1);
    for (const { columns, score } of rollouts) {
      expect(columns.value).toBeNull();
      expect(new Set(columns.advantage).size).toBe(1);
      expect(sum(columns.reward!)).toBeCloseTo(score!, 3);
    }
    const advantages = rollouts.slice(0, 3).map(({ columns }) => columns.advantage![0]!);
    expect(Math.abs(sum(advantages))).toBeLessThan(method === "grpo" ? 1e-2 : 1); // of a group they are centred
  },
);

test("a token is clipped where the update has moved it past the range in the direction of its advantage", () => {
  const clip = { low: 0.8, high: 1.2 };
  expect([1.3, 0.7, 1.1].map((ratio) => isClipped(ratio, 1, clip))).toEqual([true, false, false]);
  expect([1.3, 0.7, 0.9].map((ratio) => isClipped(ratio, -1, clip))).toEqual([false, true, false]);
  expect(isClipped(9, 0, clip)).toBe(false);
});
