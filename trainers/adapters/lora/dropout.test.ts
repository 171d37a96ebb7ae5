// LoRA and DoRA with dropout, against PEFT 0.21.2 under the same masks on tiny models of three families (data/golden/adapter-variants/make-dropout.py).
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adapter as adapterOptions } from "../../../spec/adapters/adapters";
import { runConfig } from "../../../spec/config";
import { cosineSum } from "../../../test/cosine-sum";
import { familyWeights, numbers } from "../../../test/family-models";
import type { Adapter } from "../../engine/adapter";
import { dropoutSeed } from "../../engine/dropout";
import { lossAndGradients } from "../../engine/gradients";
import { compile } from "../../engine/jit/compile";
import { tf } from "../../engine/tensorflow";
import { tokenBatch } from "../../inference/batches";
import { tokenLogProbs } from "../../inference/policy";
import { parseModelConfig } from "../../models/families";
import type { Model } from "../../models/model";
import { frozenWeights } from "../../models/weights";
import { withDropout } from "../../run/dropout";
import { readAdapter, writeAdapter } from "../files";
import { createAdapter } from "../kinds";

interface Case {
  family: string;
  dora: boolean;
  targets: string[];
  logProbs: number[][];
  norms: Record<string, number>;
  sums: Record<string, number>;
  evaluated: number[];
}
const golden = JSON.parse(readFileSync("data/golden/adapter-variants/dropout.json", "utf8")) as {
  ids: number[];
  dropout: number;
  rate: number;
  cases: Record<string, Case>;
};
const { ids, dropout, rate, cases } = golden;
const length = ids.length - 1;
const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }]], 0);
const far = (ours: number[], theirs: number[]) => Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!)));

function modelOf(family: string, recompute: Model["recompute"]): Model {
  const json = JSON.parse(readFileSync(`data/golden/families/${family}.json`, "utf8")).config;
  const config = parseModelConfig(json);
  return { config, weights: frozenWeights(config, familyWeights(json), "float32"), recompute };
}

/** With the weights that PEFT's has. */
function startOf({ config, weights: base }: Model, { dora, targets }: Case): Adapter {
  const options = adapterOptions.parse({ rank: 3, alpha: 6, dora, dropout, targets });
  const start = createAdapter(config, options, 0, base);
  const weights = [...start.weights].map(([name, { shape, size }]) => {
    const value = (x: number) => (name.endsWith("magnitude_vector") ? 1 + x : 0.3 * x);
    return [name, tf.variable(tf.tensor([...numbers(name, size)].map(value), shape))] as const;
  });
  return { ...start, weights: new Map(weights) };
}

const said = (model: Model, adapter: Adapter) =>
  tf.tidy(() => [...tokenLogProbs(model, adapter, batch).dataSync()].slice(0, length));

/** Log-probabilities and gradient of −their mean in a training step, compiled as runs have it. */
function learning(model: Model, adapter: Adapter) {
  const variables = adapter.weights as Map<string, tf.Variable>;
  const loss = () => {
    const logProbs = tokenLogProbs(model, adapter, batch).mul<tf.Tensor2D>(batch.mask);
    const parts = Array.from({ length }, (_, t) => [`logps/${t}`, logProbs.slice([0, t], [1, 1]).sum()] as const);
    const stats = Object.fromEntries(
      parts.map(([name, sum]) => [name, { sum, count: tf.scalar(1), squares: tf.scalar(0) }]),
    );
    return { loss: logProbs.sum().div<tf.Scalar>(-length), stats };
  };
  const gradientsOf = compile(withDropout(lossAndGradients(loss, variables), adapter, dropout));
  return (step: number) => {
    const seed = dropoutSeed(0, step, 0);
    const { measured, gradients } = gradientsOf({ batch: tf.scalar(0), share: tf.scalar(1), seed });
    const values = [...measured.values.dataSync()].slice(1);
    return { logProbs: values.filter((_, i) => i % 3 === 0), gradients };
  };
}

const ways = (["none", "attention", "block"] as const).flatMap((recompute) =>
  Object.entries(cases).map(([name, expected]) => [name, recompute, expected] as const),
);

test.each(ways)(
  "“%s” with %s recomputed learns under PEFT's masks what PEFT's does, and speaks without",
  (_, recompute, expected) => {
    const model = modelOf(expected.family, recompute);
    const adapter = startOf(model, expected);
    const learn = learning(model, adapter);
    expect(far(said(model, adapter), expected.logProbs[0]!)).toBeGreaterThan(1e-2); // so dropout counts
    expected.logProbs.forEach((theirs, step) => {
      const { logProbs, gradients } = learn(step);
      expect(far(logProbs, theirs)).toBeLessThan(1e-5);
      for (const [name, gradient] of Object.entries(gradients)) {
        if (step === 0) {
          const norm = expected.norms[name]!;
          expect(Math.abs(gradient.norm().dataSync()[0]! / norm - 1), name).toBeLessThan(1e-5);
          expect(Math.abs(cosineSum(gradient.dataSync()) - expected.sums[name]!) / norm, name).toBeLessThan(1e-5);
        }
        const weight = adapter.weights.get(name) as tf.Variable;
        if (step < expected.logProbs.length - 1) weight.assign(weight.sub(gradient.mul(rate)));
      }
      expect(Object.keys(gradients).sort()).toEqual(Object.keys(expected.norms).sort());
    });
    expect(far(said(model, adapter), expected.evaluated)).toBeLessThan(1e-5);
  },
);

test("its rate stands in PEFT's file, and is read from there", () => {
  const model = modelOf("gpt2", "none");
  const folder = mkdtempSync(join(tmpdir(), "workbench-dropout-"));
  writeAdapter(folder, startOf(model, cases["gpt2-lora"]!), "base");
  const config = JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8"));
  expect(config.lora_dropout).toBe(dropout);
  expect(readAdapter(folder, model.config).tuner.config.lora_dropout).toBe(dropout);
});

test.each([
  [
    "ppo",
    {},
    /PPO compares the policy with itself when it sampled, which dropout of 0.1 would tell apart: set it to 0/,
  ],
  ["sft", { start: "pissa" }, /a start of \\"pissa\\" is the base's largest directions, which dropout would take away/],
  ["sft", { dropout: 1 }, /1/],
])("%s with %o refuses dropout, and says why", (method, adapter, message) => {
  const run = { method, model: { source: "tiny" }, data: { train: "rows.jsonl" }, output: "out" };
  expect(() => runConfig.parse({ ...run, adapter: { dropout: 0.1, ...adapter } })).toThrow(message);
});
