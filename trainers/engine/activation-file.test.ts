// The file of activations as compiled functions use it: as few recordings as with activations in memory, and no more of a file than one step needs.
import { fstatSync, mkdtempSync, readdirSync, readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { openActivationFile } from "./activation-file";
import { compile } from "./jit/compile";
import { recomputed } from "./recompute";
import { tf } from "./tensorflow";

const [layers, d] = [3, 16];
const weights = Array.from({ length: layers }, (_, i) => tf.variable(tf.randomNormal([d, d], 0, 0.3, "float32", i)));

const forward = (x: tf.Tensor2D, keptOn: "block" | "disk") =>
  weights.reduce((x, weight) => {
    const block = (x: tf.Tensor2D) => tf.matMul(x, weight as unknown as tf.Tensor2D).tanh() as tf.Tensor2D;
    return recomputed(block, x, [weight], keptOn);
  }, x);

/** Mean of the last layer, and gradients of all. */
const step = (keptOn: "block" | "disk", recorded: () => void) =>
  compile(({ x }: { x: tf.Tensor2D }) => {
    recorded();
    const { value, grads } = tf.variableGrads(() => forward(x, keptOn).mean() as tf.Scalar, weights);
    return { value, gradients: weights.map(({ name }) => grads[name]!) };
  });

const rows = (count: number) => tf.randomNormal([count, d], 0, 1, "float32", count) as tf.Tensor2D;

function bytesInFile(): number {
  const open = readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return /tmp-activations-/.test(readlinkSync(`/proc/self/fd/${fd}`)) ? Number(fd) : [];
    } catch {
      return []; // that of the listing itself
    }
  });
  expect(open).toHaveLength(1);
  return fstatSync(open[0]!).size;
}

beforeAll(() => openActivationFile(mkdtempSync(join(tmpdir(), "workbench-activations-"))));

test("a pass without a gradient writes nothing", () => {
  const run = compile(({ x }: { x: tf.Tensor2D }) => forward(x, "disk"));
  const inMemory = forward(rows(5), "block").dataSync();
  expect(run({ x: rows(5) }).dataSync()).toEqual(inMemory);
  expect(bytesInFile()).toBe(0);
});

test("many sizes, twice: the same gradients from as many recordings as in memory, and a file of a few times the largest", () => {
  const sizes = Array.from({ length: 40 }, (_, i) => 8 + i); // growing, which a file of fixed places takes worst
  const trained = (keptOn: "block" | "disk") => {
    let recordings = 0;
    const run = step(keptOn, () => recordings++);
    const found = [...sizes, ...sizes].map((size) => {
      const { value, gradients } = run({ x: rows(size) });
      return [value, ...gradients].map((tensor) => [...tensor.dataSync()]);
    });
    return { found, recordings };
  };
  const [block, disk] = [trained("block"), trained("disk")];
  expect(disk.found).toEqual(block.found);
  expect(disk.recordings).toBe(block.recordings);
  expect(disk.recordings).toBeLessThan(7); // as compile.test.ts has it
  const needed = layers * Math.max(...sizes) * d * 4;
  expect(bytesInFile()).toBeGreaterThanOrEqual(needed);
  expect(bytesInFile()).toBeLessThanOrEqual(4 * needed);
});
