// Every optimiser against the package it follows, and every schedule against Transformers' (data/golden/make-optimizers.py).
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { runConfig } from "../../../spec/config";
import type { OptimizerConfig } from "../../../spec/fields/optimizer";
import { signedMap, unsignedMap } from "../../engine/dynamic-map";
import { tf } from "../../engine/tensorflow";
import { slotNumbers } from "../memory";
import { createOptimizer } from "../optimizer";
import { scheduledRate } from "../schedule";
import { adamw } from "./adamw";

const golden = JSON.parse(readFileSync("data/golden/optimizers.json", "utf8")) as {
  runs: Record<OptimizerConfig["name"], Record<string, number[]>>;
  adagc: Record<string, number[]>;
  lora_plus: Record<string, number[]>;
  adamw8bit: Record<string, number[]>;
  maps: { signed: number[]; unsigned: number[] };
  schedules: Record<OptimizerConfig["schedule"], number[]>;
};
const shapes = {
  "layers.0.up.weight": [6, 4],
  "layers.0.down.weight": [4, 6],
  "embed_tokens.weight": [5, 4],
  "layers.0.scale": [5],
};
const settings = (optimizer: object) =>
  runConfig.parse({ method: "dpo", model: { source: "tiny" }, data: { train: "x" }, output: "y", optimizer }).optimizer;

/** The maker's numbers: a linear congruential generator's. */
function numbers() {
  let state = 1;
  return (shape: number[], scale = 1) => {
    const values = Array.from({ length: tf.util.sizeFromShape(shape) }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.fround(state / 2 ** 32 - 0.5) * scale;
    });
    return tf.tensor(values, shape);
  };
}

const fifty = { learningRate: 0.01, weightDecay: 0.1, maxGradNorm: null, schedule: "constant", warmupRatio: 0.1 };

test.each(Object.keys(golden.runs) as OptimizerConfig["name"][])("fifty updates by %s are its package's", (name) => {
  expectFiftyUpdates(settings({ ...fifty, name, ...(name === "lion" && { beta2: 0.99 }) }), golden.runs[name]);
});

test.each([[7], [3, 5], [301, 640]])(
  "an update by AdamW in one pass is the plain one's to the last bits: %s numbers",
  (...shape) => {
    const random = numbers();
    const given = () => ({
      ...{ config: settings({ weightDecay: 0.1 }), variable: random(shape), gradient: random(shape, 0.01) },
      slots: { mean: random(shape, 0.01), square: random(shape, 0.01).square() },
      scalars: { rate: tf.scalar(0.003), root: tf.scalar(0.7), decay: tf.scalar(0.9997) },
    });
    const input = given();
    const once = adamw.update(input);
    vi.stubEnv("WORKBENCH_NATIVE", "off");
    const plain = adamw.update(input);
    vi.unstubAllEnvs();
    for (const [own, other] of [
      [once.variable, plain.variable],
      [once.slots.mean, plain.slots.mean],
      [once.slots.square, plain.slots.square],
    ] as const) {
      expect(own.shape).toEqual(shape);
      const [a, b] = [own.dataSync(), other.dataSync()];
      expect(a.filter((value, i) => Math.abs(value - b[i]!) > 2 ** -23 * Math.abs(b[i]!))).toHaveLength(0);
    }
  },
);

test("fifty updates by AdamW with gradients that AdaGC clips are pytorch-optimizer's", () => {
  expectFiftyUpdates(settings({ ...fifty, clipping: "adagc", clipWarmup: 10, maxGradNorm: 1 }), golden.adagc);
});

test("fifty updates of LoRA's matrices with LoRA+ are PEFT's", () => {
  const [A, B] = [{ "0.lora_A.weight": [2, 4] }, { "0.lora_B.weight": [6, 2] }];
  expectFiftyUpdates(settings({ ...fifty, loraPlusRatio: 16 }), golden.lora_plus, { ...A, ...B });
});

test("fifty updates by AdamW with its means in 8 bits are bitsandbytes's", () => {
  expect([...signedMap]).toEqual(golden.maps.signed);
  expect([...unsignedMap]).toEqual(golden.maps.unsigned);
  const of = { "layers.0.up.weight": [72, 60], "layers.0.scale": [5] }; // whole blocks and one that is not; too few for 8 bits
  expectFiftyUpdates(settings({ ...fifty, name: "adamw8bit" }), golden.adamw8bit, of);
});

test.each(["adamw", "adamw8bit"])("%s leaves a step out whose gradient is not a number", (name) => {
  const variable = tf.variable(tf.ones([72, 60]));
  const optimizer = createOptimizer(settings({ ...fifty, name }), new Map([["up", variable]]));
  const once = () => optimizer.apply({ up: tf.fill([72, 60], 0.1) }, 0.01, 100);
  once();
  const before = variable.dataSync();
  const spike = tf.concat([tf.fill([71, 60], 0.1), tf.fill([1, 60], Number.NaN)]);
  expect(optimizer.apply({ up: spike }, 0.01, 100)).toBeNaN();
  expect(variable.dataSync()).toEqual(before);
  once();
  expect(variable.dataSync().every(Number.isFinite)).toBe(true);
});

test("AdaGC counts no gradients of zeros, as LoRA's A has at first", () => {
  const config = settings({ ...fifty, name: "sgd", clipping: "adagc", clipWarmup: 1, maxGradNorm: 1 });
  const variable = tf.variable(tf.tensor1d([1, 1]));
  const optimizer = createOptimizer(config, new Map([["lora_A", variable]]));
  optimizer.apply({ lora_A: tf.tensor1d([0, 0]) }, 1);
  optimizer.apply({ lora_A: tf.tensor1d([0.3, 0.4]) }, 1); // its first norm, which is not clipped
  expect([...variable.dataSync()]).toEqual([0.7, 0.6].map((value) => expect.closeTo(value, 6)));
  optimizer.apply({ lora_A: tf.tensor1d([30, 40]) }, 1); // a norm of 50 to 1.05 times 0.5
  expect([...variable.dataSync()]).toEqual([0.7 - 0.315, 0.6 - 0.42].map((value) => expect.closeTo(value, 6)));
});

function expectFiftyUpdates(
  config: OptimizerConfig,
  expected: Record<string, number[]>,
  of: Record<string, number[]> = shapes,
): void {
  const draw = numbers();
  const variables = new Map(Object.entries(of).map(([key, shape]) => [key, tf.variable(draw(shape))]));
  const optimizer = createOptimizer(config, variables);
  for (let step = 0; step < 50; step++) {
    const gradients = Object.entries(of).map(([key, shape]) => [key, draw(shape, step === 20 ? 8 : 1)]);
    optimizer.apply(Object.fromEntries(gradients), scheduledRate(config, step, 50));
  }
  optimizer.atAverage(() => {
    for (const [key, values] of Object.entries(expected))
      variables
        .get(key)!
        .dataSync()
        .forEach((value, i) => void expect(Math.abs(value - values[i]!), `${key} ${i}`).toBeLessThan(1e-5));
  });
}

test.each(Object.entries(golden.schedules))("the schedule %s is Transformers' at every step", (schedule, rates) => {
  const config = settings({
    learningRate: 1,
    schedule,
    warmupRatio: 0.1,
    numCycles: 3,
    minLrRate: 0.1,
    decayRatio: 0.25,
  });
  rates.forEach((rate, step) => void expect(scheduledRate(config, step, rates.length)).toBeCloseTo(rate, 12));
});

test.each(Object.entries(slotNumbers))(
  "%s keeps %i numbers for each of a matrix, as the memory estimate has it",
  (name, numbers) => {
    const variables = new Map([["layers.0.up.weight", tf.variable(tf.zeros([100, 100]))]]);
    const slots = [...createOptimizer(settings({ name }), variables).slots.values()];
    expect(slots.reduce((sum, { size }) => sum + size, 0) / 1e4).toBeCloseTo(numbers, 1);
  },
);
