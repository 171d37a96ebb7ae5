// RLOO, GRPO and REINFORCE++ as runs: parts equal the whole, a stop changes nothing, and they start at the policy that was sampled.

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type RunConfig, runConfig } from "../../../spec/config";
import { tracedRun as trained } from "../../../test/traced-run";
import { variedRollouts } from "./groups";
import type { Rollouts } from "./rollout";

const golden = "data/golden/trajectories";
const block = {
  prompts: 3,
  numGenerations: 4,
  maxCompletionLength: 24,
  temperature: 0.7,
  reward: { model: `${golden}/reward_init` },
};

const blocks = { rloo: "rloo", grpo: "grpo", "reinforce-plus-plus": "reinforcePlusPlus" } as const;

function config(method: keyof typeof blocks, options: object, rest: object = {}): RunConfig {
  return runConfig.parse({
    method,
    model: { source: `${golden}/model` },
    adapter: { rank: 8, alpha: 16, init: `${golden}/ppo/policy_init` }, // it ends answers by itself
    reference: "initial",
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256 },
    optimizer: { learningRate: 1e-3, schedule: "constant" },
    [blocks[method]]: { ...block, ...options },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
    ...rest,
  });
}

const adapterOf = ({ output }: RunConfig) => readFileSync(join(output, "adapter_model.safetensors"));

describe.each([
  ["rloo", { beta: 0.1, numIterations: 2, numMiniBatches: 2 }],
  ["grpo", { lossType: "dapo", beta: 0.04, numIterations: 2, numMiniBatches: 2 }],
  ["reinforce-plus-plus", { baseline: "group", beta: 0.1, numIterations: 2, numMiniBatches: 2 }],
] as const)("%s", (method, options) => {
  test("micro-batches make the loss and gradient of the whole", async () => {
    const one = { numIterations: 1, numMiniBatches: 1, beta: options.beta };
    const whole = await trained(config(method, one, { maxSteps: 1 }));
    const parts = await trained(config(method, one, { maxSteps: 1, microBatchTokens: 60 }));
    const [a, b] = [whole.rows[0]!, parts.rows[0]!];
    expect(a["objective/scores"]).toBeCloseTo(b["objective/scores"]!, 5);
    expect(b.loss).toBeCloseTo(a.loss!, 5);
    expect(b.grad_norm! / a.grad_norm!).toBeCloseTo(1, 4);
    expect(a.grad_norm).toBeGreaterThan(0.01);
  });

  test("starts where it sampled, and ends with the same bits after a stop", async () => {
    const straight = config(method, options, { maxSteps: 12 });
    const whole = await trained(straight);
    expect(whole.rows.map(({ step }) => step)).toEqual([4, 8, 12]); // a line an update
    expect(whole.checks).toContain("rollout");
    expect(Math.abs(whole.rows[0]!["objective/kl"]!)).toBeLessThan(1e-3);
    expect(Math.abs(whole.rows[2]!["objective/kl"]!)).toBeGreaterThan(1e-3);

    const halted = config(method, options, { maxSteps: 12 });
    const first = await trained(halted, [], 4);
    expect(first.rows).toHaveLength(1);
    const second = await trained(halted, first.saved);
    expect(second.rows.map(({ step }) => step)).toEqual([8, 12]);
    expect(adapterOf(halted).equals(adapterOf(straight))).toBe(true);
  });
});

test("cut answers may be left out: where all are cut, nothing is learnt", async () => {
  const { rows } = await trained(
    config("grpo", { maxCompletionLength: 2, maskTruncatedCompletions: true }, { maxSteps: 1 }),
  );
  expect(rows[0]).toMatchObject({ "val/num_eos_tokens": 0, loss: 0, grad_norm: 0 });
});

describe("dynamic sampling", () => {
  const sizes = { prompts: 2, numGenerations: 2 };
  /** Batches of two prompts with these scores of two answers each. */
  const sampling = (...scores: number[][]) => {
    const asked: number[] = [];
    const sample = (batch: number) => {
      const rows = scores[asked.length]!.map((score) => ({ score }));
      asked.push(batch);
      return { rows, kl: asked.length, samplerDistance: 1 / asked.length, stats: { rollout_seconds: 1 } } as Rollouts;
    };
    const scoresOf = (dynamicSamplingBatches: number) => {
      const { rows, ...rest } = variedRollouts(sample, 7, { ...sizes, dynamicSamplingBatches });
      return { scores: rows.map(({ score }) => score), ...rest };
    };
    return { asked, scoresOf };
  };

  test("prompts whose answers score alike make room for others, until there are enough", () => {
    const { asked, scoresOf } = sampling([1, 1, 0, 1], [0, 0, 1, 1], [2, 3, 4, 5], [9, 8, 7, 6]);
    expect(scoresOf(9)).toMatchObject({
      ...{ scores: [0, 1, 2, 3], kl: 1, samplerDistance: 1 },
      stats: { "objective/batches": 3, rollout_seconds: 3 },
    });
    expect(new Set(asked).size).toBe(3);
    expect(asked[0]).toBe(7);
  });

  test("at its bound the update is filled with groups that teach nothing", () => {
    expect(sampling([1, 1, 2, 2], [3, 3, 0, 4]).scoresOf(2).scores).toEqual([0, 4, 1, 1]);
    expect(sampling([1, 1, 0, 4]).scoresOf(1)).toMatchObject({
      scores: [1, 1, 0, 4],
      stats: { "objective/batches": 1 },
    });
  });

  test("a run samples other prompts, up to its bound, and ends with the same bits after a stop", async () => {
    const reward = { rules: { pattern: { expression: "e" } } }; // often all answers to a prompt have one, or none
    const of = () => config("grpo", { numGenerations: 2, reward, dynamicSamplingBatches: 3 }, { maxSteps: 4 });
    const [straight, halted] = [of(), of()];
    const { rows } = await trained(straight);
    const batches = rows.map((row) => row["objective/batches"]!);
    expect(Math.max(...batches)).toBeGreaterThan(1);
    for (const [i, row] of rows.entries()) expect(batches[i] === 3 || row.frac_reward_zero_std === 0).toBe(true);
    const first = await trained(halted, [], 2);
    await trained(halted, first.saved);
    expect(adapterOf(halted).equals(adapterOf(straight))).toBe(true);
  });
});

test("REINFORCE++ of one completion to a prompt learns from how each compares with the others of the update", async () => {
  const { rows } = await trained(config("reinforce-plus-plus", { prompts: 6, numGenerations: 1 }, { maxSteps: 2 }));
  for (const row of rows) expect(row.grad_norm).toBeGreaterThan(0.01);
  expect(() => config("reinforce-plus-plus", { numGenerations: 1, baseline: "group" })).toThrow("ask for two or more");
});

test.each([
  [{ numGenerations: 1 }, "numGenerations"],
  [{ prompts: 1, numGenerations: 2, numMiniBatches: 3 }, "more mini-batches than completions"],
])("refuses %o", (options, reason) => {
  expect(() => config("grpo", options)).toThrow(reason);
});
