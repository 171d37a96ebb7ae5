// The selective scans against Transformers' plain path (data/golden/mamba/make-mamba.py), and against themselves a token at a time.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tensorOf } from "../../test/family-models";
import { compile } from "./jit/compile";
import { type ScanInput, scanAndState, scanStep, selectiveScan } from "./scan";
import { type HeadScanInput, headScan, headScanAndState, headScanStep } from "./state-space-duality";
import { tf } from "./tensorflow";

type Scanned = { y: number[]; state: number[] };
const golden = JSON.parse(readFileSync("data/golden/mamba/scans.json", "utf8")) as Record<"mamba" | "mamba2", Scanned>;

const [B, T] = [2, 21];
const given = <R extends tf.Rank>(name: string, ...shape: number[]) =>
  tf.tensor<R>(tensorOf(name, shape, 2).data, shape as tf.ShapeMap[R]);
const inputs: ScanInput = {
  x: given("x", B, T, 12),
  dt: given<tf.Rank.R3>("dt", B, T, 12).abs(),
  a: given<tf.Rank.R2>("a", 12, 5).exp().neg(),
  b: given("b", B, T, 5),
  c: given("c", B, T, 5),
};

function expectNear(found: tf.Tensor, expected: ArrayLike<number>, tolerance = 1e-6): void {
  const values = found.dataSync();
  expect(values.length).toBe(expected.length);
  values.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(tolerance);
  });
}

test("Mamba's scan and the state that it leaves are Transformers', compiled and eager", () => {
  for (const run of [scanAndState, compile(scanAndState)]) {
    const { y, state } = run(inputs);
    expectNear(y, golden.mamba.y);
    expectNear(state, golden.mamba.state);
  }
  expectNear(selectiveScan(inputs), golden.mamba.y);
});

const heads = { count: 4, width: 3, groups: 2 };
const byHead: HeadScanInput = {
  x: given("x2", B, T, 12),
  dt: given<tf.Rank.R3>("dt2", B, T, 4).abs(),
  a: given<tf.Rank.R1>("a2", 4).exp().neg(),
  b: given("b2", B, T, 10),
  c: given("c2", B, T, 10),
};

test("Mamba-2's scan and the state that it leaves are Transformers', compiled and eager", () => {
  const scan = (given: HeadScanInput) => headScanAndState(given, heads);
  for (const run of [scan, compile(scan)]) {
    const { y, state } = run(byHead);
    expectNear(y, golden.mamba2.y);
    expectNear(state, golden.mamba2.state);
  }
  expectNear(headScan(byHead, heads), golden.mamba2.y);
});

/** A token at a time, by `step`, which takes one with the state before it. */
function inSteps<Input extends ScanInput | HeadScanInput>(
  given: Input,
  step: (token: Input, state: tf.Tensor) => { y: tf.Tensor; state: tf.Tensor },
  first: tf.Tensor,
) {
  let state = first;
  const ys = Array.from({ length: T }, (_, t) => {
    const at = Object.entries(given).map(([name, x]) => [name, name === "a" ? x : tf.slice(x, [0, t, 0], [-1, 1, -1])]);
    const made = step(Object.fromEntries(at) as Input, state);
    state = made.state;
    return made.y;
  });
  return { y: tf.concat(ys, 1), state };
}

test("a token at a time, Mamba's scan arrives at the same outputs and the same state", () => {
  const { y, state } = inSteps(inputs, scanStep, tf.zeros([B, 12, 5]));
  expectNear(y, golden.mamba.y);
  expectNear(state, golden.mamba.state);
});

test("a token at a time, Mamba-2's scan arrives at the same outputs and the same state", () => {
  const { y, state } = inSteps(byHead, (token, state) => headScanStep(token, heads, state), tf.zeros([B, 4, 3, 5]));
  expectNear(y, golden.mamba2.y);
  expectNear(state, golden.mamba2.state);
});

test("the gradient of Mamba-2's scan is that of a token at a time, compiled and eager", () => {
  const step = (token: HeadScanInput, state: tf.Tensor) => headScanStep(token, heads, state);
  const plain = (given: HeadScanInput) => inSteps(given, step, tf.zeros([B, 4, 3, 5])).y;
  const scan = (given: HeadScanInput) => headScan(given, heads);
  expectSameGradients(byHead, plain, [gradients(scan), compile(gradients(scan))]);
});

test("the gradient of Mamba's scan is that of a token at a time, compiled and eager", () => {
  const plain = (given: ScanInput) => inSteps(given, scanStep, tf.zeros([B, 12, 5])).y;
  expectSameGradients(inputs, plain, [gradients(selectiveScan), compile(gradients(selectiveScan))]);
});

/** Of a weighted sum of what `scan` makes, at each input. */
const gradients =
  <Input extends ScanInput | HeadScanInput>(scan: (given: Input) => tf.Tensor) =>
  (given: Input): tf.Tensor[] => {
    const names = Object.keys(given);
    const weights = tf.tensor(tensorOf("weights", [B, T, 12], 2).data, [B, T, 12]);
    const of = tf.grads((...all) =>
      scan(Object.fromEntries(names.map((name, i) => [name, all[i]!])) as Input)
        .mul(weights)
        .sum(),
    );
    return of(Object.values(given));
  };

function expectSameGradients<Input extends ScanInput | HeadScanInput>(
  given: Input,
  plain: (given: Input) => tf.Tensor,
  runs: ((given: Input) => tf.Tensor[])[],
): void {
  const expected = gradients(plain)(given);
  for (const run of runs)
    run(given).forEach((gradient, i) => {
      const norm = expected[i]!.norm().arraySync() as number;
      expectNear(gradient, expected[i]!.dataSync(), 1e-6 * norm);
    });
}
