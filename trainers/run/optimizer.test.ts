import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { tf } from "../engine/tensorflow";
import { createOptimizer } from "./optimizer";
import { scheduledRate } from "./schedule";

const settings = (optimizer: object) =>
  runConfig.parse({ method: "dpo", model: { source: "tiny" }, data: { train: "x" }, output: "y", optimizer }).optimizer;
const one = (value: number) => new Map([["w", tf.variable(tf.tensor1d([value]))]]);
const gradient = (value: number) => ({ w: tf.tensor1d([value]) });

test("AdamW: two steps by hand", () => {
  const config = settings({ learningRate: 0.1, weightDecay: 0.5, maxGradNorm: 10 });
  const variables = one(1);
  const optimizer = createOptimizer(config, variables);
  // Step 1: m̂ = g = 2, v̂ = g² = 4, so the step is lr·2/(2 + ε) = 0.1; decay first: 1·(1 − 0.1·0.5) = 0.95 → 0.85
  optimizer.apply(gradient(2), 0.1);
  expect(variables.get("w")!.dataSync()[0]).toBeCloseTo(0.85, 6);
  // Step 2 with g = −1: m = 0.9·0.2 − 0.1 = 0.08, m̂ = 0.08/0.19 = 0.4210526; v = 0.999·0.004 + 0.001 = 0.004996,
  // v̂ = 0.004996/0.001999 = 2.4992496, √ = 1.5809015; 0.85·0.95 − 0.1·0.4210526/1.5809015 = 0.8075 − 0.0266337 = 0.7808663
  optimizer.apply(gradient(-1), 0.1);
  expect(variables.get("w")!.dataSync()[0]).toBeCloseTo(0.7808663, 6);
});

test("clips by the global norm and reports it unclipped", () => {
  const config = settings({ name: "sgd", learningRate: 1, maxGradNorm: 1 });
  const variables = new Map([
    ["a", tf.variable(tf.tensor1d([0]))],
    ["b", tf.variable(tf.tensor1d([0]))],
  ]);
  const optimizer = createOptimizer(config, variables);
  const norm = optimizer.apply({ a: tf.tensor1d([3]), b: tf.tensor1d([4]) }, 1);
  expect(norm).toBeCloseTo(5, 6);
  expect(variables.get("a")!.dataSync()[0]).toBeCloseTo(-0.6, 5); // −3/5
  expect(variables.get("b")!.dataSync()[0]).toBeCloseTo(-0.8, 5);
});

test.each([null, 0])("W2: maxGradNorm %j leaves gradients as they are and still reports their norm", (maxGradNorm) => {
  const variables = new Map([
    ["a", tf.variable(tf.tensor1d([0]))],
    ["b", tf.variable(tf.tensor1d([0]))],
  ]);
  const optimizer = createOptimizer(settings({ name: "sgd", learningRate: 1, maxGradNorm }), variables);
  expect(optimizer.apply({ a: tf.tensor1d([3]), b: tf.tensor1d([4]) }, 1)).toBeCloseTo(5, 6);
  expect(variables.get("a")!.dataSync()[0]).toBe(-3);
  expect(variables.get("b")!.dataSync()[0]).toBe(-4);
});

test("schedules: linear to 0, cosine through its half, warm-up from 0", () => {
  const rates = (optimizer: object, steps: number[]) =>
    steps.map((step) => scheduledRate(settings({ learningRate: 1, ...optimizer }), step, 10));
  expect(rates({ schedule: "linear" }, [0, 5, 9])).toEqual([1, 0.5, expect.closeTo(0.1)]);
  expect(rates({ schedule: "cosine" }, [0, 5])).toEqual([1, expect.closeTo(0.5)]);
  expect(rates({ schedule: "constant", warmupRatio: 0.2 }, [0, 1, 2, 9])).toEqual([0, 0.5, 1, 1]);
});
