import { expect, test } from "vitest";
import { type RunConfig, runConfig } from "../../spec/config";
import { requireFields, requireMeasured, variantName, variants, withValues } from "./sweep";
import { readValues, sizeOf } from "./sweep-values";

test("every combination, in the order of the fields", () => {
  const sweep = { fields: { "dpo.beta": [0.1, 0.3], seed: [1, 2, 3] }, draws: null };
  expect(sizeOf(sweep)).toBe(6);
  expect(variants(sweep).map(({ seed, "dpo.beta": beta }) => [beta, seed])).toEqual([
    [0.1, 1],
    [0.1, 2],
    [0.1, 3],
    [0.3, 1],
    [0.3, 2],
    [0.3, 3],
  ]);
});

test("draws stay in their range, evenly in its logarithm; the same sweep draws the same", () => {
  const sweep = {
    fields: { "optimizer.learningRate": { low: 1e-5, high: 1e-3 }, seed: { low: 0, high: 9 } },
    draws: 100,
  };
  const drawn = variants(sweep);
  const rates = drawn.map((one) => one["optimizer.learningRate"] as number);
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-5);
  expect(Math.max(...rates)).toBeLessThanOrEqual(1e-3);
  const below = rates.filter((rate) => rate < 1e-4).length; // half of the logarithm's range
  expect(Math.abs(below / rates.length - 0.5)).toBeLessThan(0.15);
  for (const { seed } of drawn) expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).toContain(seed);
  expect(variants(sweep)).toEqual(drawn);
});

test("what cannot be is refused in words", () => {
  expect(() => variants({ fields: { seed: { low: 1, high: 2 } }, draws: null })).toThrow("seed: a range needs draws");
  const many = Array.from({ length: 11 }, (_, i) => i);
  expect(() => variants({ fields: { seed: many, batchSize: many }, draws: null })).toThrow("121 runs; at most 100");
});

test("values go where their path leads, and into the run's name", () => {
  const config = { method: "dpo", dpo: { beta: 0.1, lossType: "ipo" } };
  expect(withValues(config, { "dpo.beta": 0.3, "optimizer.learningRate": 1e-4 })).toEqual({
    method: "dpo",
    dpo: { beta: 0.3, lossType: "ipo" },
    optimizer: { learningRate: 1e-4 },
  });
  expect(config.dpo.beta).toBe(0.1);
  expect(variantName("Films", { "dpo.beta": 0.3, seed: 2 })).toBe("Films: beta 0.3, seed 2");
});

test("fields and values go by former names too, and come out in those of today", () => {
  const config = { method: "grpo", grpo: { samples: 4, epochs: 2 } };
  expect(withValues(config, { "grpo.samples": 8 })).toEqual({
    method: "grpo",
    grpo: { numGenerations: 8, numIterations: 2 },
  });
  expect(() => requireFields("grpo", { fields: { "grpo.samples": [4, 8] }, draws: null })).not.toThrow();
  expect(() => requireFields("dpo", { fields: { "grpo.samples": [4, 8] }, draws: null })).toThrow(
    "no field grpo.samples",
  );
});

test.each([
  ["1, 2,3", [1, 2, 3]],
  ["sigmoid, ipo", ["sigmoid", "ipo"]],
  ["true", [true]],
  ["1e-5 to 1e-3", { low: 1e-5, high: 1e-3 }],
  ["3 to 1", null],
  ["1,,2", null],
  ["", null],
])("%j is read", (text, values) => {
  expect(readValues(text)).toEqual(values);
});

test.each([
  ["eval_loss", { evalEvery: null }, "compared by eval_loss, which is measured every evalEvery steps"],
  ["eval_loss", { evalEvery: 50 }, "first compared at step 20, and eval_loss is measured every 50 steps"],
  ["eval_loss", { evalEvery: 8 }, "8 must divide 20"],
  ["eval_loss", { evalEvery: 10, maxSteps: 20 }, "first compared at step 20 and end at 20"],
  ["eval_loss", { evalEvery: 10, data: { train: "x" } }, "measured on held-out rows: hold a share out"],
  ["on_policy/reward", { evalEvery: 10 }, "which is measured every sampleEvery steps"],
  ["on_policy/reward", { sampleEvery: 20, data: { train: "x" } }, null],
  ["eval_loss", { evalEvery: 10 }, null],
] as const)("a sweep compared by %s, of runs with %j", (metric, measured, problem) => {
  const config = runConfig.parse({
    ...{ method: "dpo", model: { source: "tiny" }, data: { train: "x", heldOut: 0.1 }, output: "y" },
    ...measured,
  }) as RunConfig;
  const check = () =>
    requireMeasured(config, { fields: {}, draws: null, halving: { metric, firstRung: 20, factor: 3 } });
  if (problem === null) expect(check).not.toThrow();
  else expect(check).toThrow(problem);
});
