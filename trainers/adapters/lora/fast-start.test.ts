// The fast start of PiSSA, by a random projection, against PEFT 0.21.2's pissa_niter_N (data/golden/adapter-variants/make-fast-start.py).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import { lora } from "../../../spec/adapters/lora";
import { runConfig } from "../../../spec/config";
import { familyWeights } from "../../../test/family-models";
import { leadingSingularValues, orthogonal, singularValues } from "../../engine/factorise";
import { tf } from "../../engine/tensorflow";
import { parseModelConfig } from "../../models/families";
import { frozenWeights } from "../../models/weights";
import { createAdapter } from "../kinds";
import { A, B } from "./start";

type Spread = { mean: number; deviation: number };
const golden = JSON.parse(readFileSync("data/golden/adapter-variants/fast-start.json", "utf8")) as {
  rank: number;
  alpha: number;
  targets: string[];
  seeds: number;
  layers: Record<string, { exact: number; "1": Spread; "4": Spread }>;
};
const json = JSON.parse(readFileSync("data/golden/families/mistral.json", "utf8")).config;
const [config, host] = [parseModelConfig(json), familyWeights(json)];
const weights = frozenWeights(config, host, "float32");

/** ‖W − s B₀ A₀‖ of each layer. */
function left(pissaIterations: number | null, seed: number): Record<string, number> {
  const { rank, alpha, targets } = golden;
  const options = lora.parse({ rank, alpha, targets, start: "pissa", pissaIterations });
  return tf.tidy(() => {
    const made = createAdapter(config, options, seed, weights).weights;
    const norms = Object.keys(golden.layers).map((module) => {
      const w = host.get(`${module}.weight`)!;
      const [a, b] = [A, B].map((part) => made.get(`${module}${part}`) as tf.Tensor2D);
      const rest = tf.tensor2d(w.data, w.shape as [number, number]).sub(tf.matMul(b!, a!).mul(alpha / rank));
      return [module, rest.norm().dataSync()[0]!] as const;
    });
    return Object.fromEntries(norms);
  });
}

test.each(["1", "4"] as const)(
  "with %s iterations it leaves as much in the base as PEFT's, over many seeds",
  (name) => {
    const { seeds, layers } = golden;
    const exact = left(null, 0);
    const runs = Array.from({ length: seeds / 4 }, (_, seed) => left(Number(name), seed));
    for (const [module, expected] of Object.entries(layers)) {
      expect(Math.abs(exact[module]! - expected.exact)).toBeLessThan(1e-5);
      const values = runs.map((run) => run[module]!);
      expect(Math.min(...values)).toBeGreaterThan(expected.exact - 1e-5); // nothing of that rank is nearer (Eckart and Young 1936)
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const { mean: theirs, deviation } = expected[name];
      const error = deviation * Math.sqrt(1 / seeds + 1 / values.length); // of the difference of two means
      expect(Math.abs(mean - theirs), module).toBeLessThan(5 * error);
      expect(theirs - expected.exact, module).toBeGreaterThan(5 * error); // or the exact one would pass for it
    }
  },
);

test.each([
  [24, 10],
  [10, 24],
])("a matrix of %i by %i whose singular values fall is factored as it is", (rows, columns) => {
  const drawn = (m: number, name: string): tf.Tensor2D => {
    const random = createRandom("factor", name);
    return orthogonal(
      tf.tensor2d(
        Float32Array.from({ length: m * 10 }, () => random() - 0.5),
        [m, 10],
      ),
    ).q; // [m, 10]
  };
  const values = Array.from({ length: 10 }, (_, i) => 2 ** -i);
  const w: tf.Tensor2D = tf.matMul(
    drawn(rows, "left").mul<tf.Tensor2D>(tf.tensor1d(values)),
    drawn(columns, "right"),
    false,
    true,
  );
  const { u, s, v } = leadingSingularValues(w, { count: 3, iterations: 12, random: createRandom("start") });
  const product = (f: { u: tf.Tensor2D; s: tf.Tensor1D; v: tf.Tensor2D }) =>
    tf.matMul(f.u.slice([0, 0], [-1, 3]).mul<tf.Tensor2D>(f.s.slice(0, 3)), f.v.slice([0, 0], [-1, 3]), false, true);
  expect([...s.dataSync()].map((value, i) => Math.abs(value - values[i]!) < 1e-5)).toEqual([true, true, true]);
  const apart = product({ u, s, v })
    .sub(product(singularValues(w)))
    .abs()
    .max()
    .dataSync()[0];
  expect(apart).toBeLessThan(1e-5);
});

test("it is the same for a seed, and refused for another start", () => {
  expect(left(2, 7)).toEqual(left(2, 7));
  expect(left(2, 7)).not.toEqual(left(2, 8));
  const run = { method: "sft", model: { source: "tiny" }, data: { train: "rows.jsonl" }, output: "out" };
  expect(() => runConfig.parse({ ...run, adapter: { pissaIterations: 4 } })).toThrow(
    /applies to adapter.start \\"pissa\\"/,
  );
});
