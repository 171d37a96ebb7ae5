// Runs over a base in the blocks of its GGUF file compute what they do over the file's expansion; what they leave is an adapter of the model in full.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileHash } from "../../common/file-hash";
import { far } from "../../test/adapter-steps";
import { scratch } from "../../test/program";
import { golden, methods, rowsOf, shortRun } from "../../test/short-runs";
import { tokenBatch } from "../inference/batches";
import { loadBase, readPolicy, tunedFiles } from "../inference/frozen-policy";
import { tokenLogProbs } from "../inference/policy";
import { writeGguf } from "../models/formats/gguf-write";
import { readModel } from "../models/load";
import { frozenWeights } from "../models/weights";
import { parametersOf, planMemory } from "./memory";
import { examine } from "./validate-run";

/** Q5_0 and, of each layer's values and what leads out of its MLP, Q8_0. */
const source = join(scratch(), "model.gguf");
writeGguf(source, "a model", await readModel(`${golden}/model`), "Q4_K_M");
const inBlocks = { source, quantisation: "gguf" };

test.each([
  ["dpo", 24],
  ["reward", 2],
  ["ppo", 2],
  ["grpo", 2],
] as const)("%s learns what it does over the expanded file, for %i steps", async (method, maxSteps) => {
  const numbers = async (model: object) => {
    const { rows } = await rowsOf(shortRun({ method, ...methods[method], maxSteps, model }));
    return rows.map(({ loss, grad_norm }) => [loss!, grad_norm!]);
  };
  const [found, expected] = [await numbers(inBlocks), await numbers({ source })];
  expect(found).toHaveLength(maxSteps);
  for (const [i, row] of found.entries())
    for (const [at, value] of row.entries())
      expect(Math.abs(value - expected[i]![at]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
});

test("a run goes on after a stop to the same bits", async () => {
  const [straight, stopped] = [shortRun({ model: inBlocks }), shortRun({ model: inBlocks })];
  await rowsOf(straight);
  const { saved } = await rowsOf(stopped, { until: 2 });
  await rowsOf(stopped, { resume: saved });
  const hash = ({ output }: typeof straight) => fileHash(join(output, "adapter_model.safetensors"));
  expect(hash(stopped)).toBe(hash(straight));
});

test("its adapter is one of the model in full: over blocks, expanded and merged it says the same", async () => {
  const run = shortRun({ model: inBlocks, optimizer: { learningRate: 5e-3 } });
  await rowsOf(run);
  expect(existsSync(join(run.output, "quantization_config.json"))).toBe(false);
  const ids = [1, 40, 50, 60, 70, 80, 90];
  const batch = tokenBatch([[{ input_ids: ids, completion_mask: [0, 0, 0, 1, 1, 1, 1] }]], 0);
  const asked = async (quantisation: "gguf" | null) => {
    const { model } = await loadBase({ source, dtype: "float32", quantisation, unquantised: [] }, [run.output]);
    const { adapter } = await readPolicy(run.output, model);
    const said = (of: typeof adapter) => [...tokenLogProbs(model, of, batch).dataSync()];
    return { base: said(null), tuned: said(adapter) };
  };
  const [blocks, expanded] = [await asked("gguf"), await asked(null)];
  expect(far(blocks.tuned, blocks.base)).toBeGreaterThan(1e-2); // or nothing was learnt
  expect(far(blocks.tuned, expanded.tuned)).toBeLessThan(1e-5);
  const { config, host } = await tunedFiles(source, run.output);
  const merged = { config, weights: frozenWeights(config, host, "float32"), recompute: "none" as const };
  expect(far(blocks.tuned, [...tokenLogProbs(merged, null, batch).dataSync()])).toBeLessThan(1e-5);
  for (const model of [{ source }, inBlocks]) {
    const { odd } = await examine(shortRun({ model, adapter: { init: run.output } }), []);
    expect(odd.map(({ path }) => path)).not.toContain("adapter.init");
  }
});

test("the plan counts the bytes that the file has", async () => {
  const { config, host } = await readModel(source);
  const weights = (model: object) => planMemory(shortRun({ model }), config, 64, host).parts.weights;
  const [d, f, keys] = [64, 128, 32];
  const layer = 2 * d * d + 2 * keys * d + 3 * d * f;
  const inQ80 = keys * d + d * f; // of the last layer
  const bytes = ((2 * layer - inQ80) / 32) * 22 + (inQ80 / 32) * 34;
  const leftBehind = weights({ source }) / (4 * parametersOf(config)); // reading leaves something behind of each byte
  const madeAtOnce = 4 * 2 * layer;
  expect(weights({ source }) - weights(inBlocks)).toBeCloseTo(leftBehind * (4 * 2 * layer - bytes) - madeAtOnce, 3);
  expect(() => planMemory(shortRun({ model: inBlocks }), config, 64)).toThrow(/this one is none/);
});

test("what cannot be held so is refused where it is asked for", async () => {
  expect(() => shortRun({ model: { source: "tiny", quantisation: "gguf" } })).toThrow(/and tiny is none: choose/);
  expect(() => shortRun({ model: inBlocks, adapter: null })).toThrow(/only a frozen base is quantised/);
  const whole = join(scratch(), "whole.gguf");
  writeGguf(whole, "a model", await readModel(`${golden}/model`), "BF16");
  const refused = examine(shortRun({ model: { source: whole, quantisation: "gguf" } }), []);
  await expect(refused).rejects.toMatchObject({
    path: "model.quantisation",
    message: expect.stringMatching(/this file has none/),
  });
});
