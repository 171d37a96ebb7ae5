// A run of each kind of adapter that is stopped goes on to the same bits.
// @module-tag long
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunConfig } from "../../spec/config";
import { configOf, trained } from "../../test/stopped-runs";
import { readAdapter } from "../adapters/files";
import { readSafetensors } from "../models/formats/safetensors";
import { loadModel } from "../models/load";
import { readHead } from "../models/score-head";
import { silent } from "./observer";
import { run } from "./train";

const golden = "data/golden/trajectories";

test.each([
  ["pissa", null],
  ["pissa", 2],
  ["olora", null],
])(
  "a run from the start %s (fast: %s) goes on to the same bits; A₀ and B₀ stay as they were",
  async (start, pissaIterations) => {
    const adapter = {
      rank: 4,
      alpha: 8,
      start,
      pissaIterations,
      rankStabilised: start === "olora",
      rankPattern: { v_proj: 2 },
    };
    const of = () => configOf({ adapter, maxSteps: 5, optimizer: { learningRate: 1e-3, weightDecay: 0.1 } });
    const [whole, broken] = [of(), of()];
    const straight = await trained(whole);
    const first = await trained(broken, [], 2);
    const second = await trained(broken, first.checkpoints);
    expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
    const result = ({ output }: RunConfig) => readSafetensors(join(output, "adapter_model.safetensors"));
    expect(result(broken)).toEqual(result(whole));
    const name = "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight";
    const [early, late] = [
      readSafetensors(join(first.checkpoints[0]!.folder, "adapter_model.safetensors")),
      result(whole),
    ];
    const half = (file: typeof early, which: number) =>
      [...file.get(name)!.data].slice(4 * 64 * which, 4 * 64 * (which + 1));
    expect(half(early, 1)).toEqual(half(late, 1));
    expect(half(early, 0)).not.toEqual(half(late, 0));
  },
);

test.each(["none", "block"])("a DoRA goes on to the same bits, with blocks recomputed: %s", async (recompute) => {
  const of = () => configOf({ adapter: { rank: 4, alpha: 8, dora: true }, maxSteps: 5, recompute });
  const [whole, broken] = [of(), of()];
  const straight = await trained(whole);
  expect(straight.losses.get(1)).toBeCloseTo(Math.log(2), 6);
  const first = await trained(broken, [], 2);
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  const result = ({ output }: RunConfig) => readSafetensors(join(output, "adapter_model.safetensors"));
  expect(result(broken)).toEqual(result(whole));
  const magnitudes = [...result(whole)].filter(([name]) => name.endsWith("magnitude_vector"));
  const early = readSafetensors(join(first.checkpoints[0]!.folder, "adapter_model.safetensors"));
  expect(magnitudes.length).toBeGreaterThan(0);
  for (const [name, { data }] of magnitudes) expect(data, name).not.toEqual(early.get(name)!.data);
});

test.each([
  ["LoRA", "none", false],
  ["LoRA", "block", false],
  ["DoRA", "attention", true],
])(
  "a %s with dropout goes on to the same bits, micro-batch by micro-batch, blocks recomputed as “%s”",
  async (_, recompute, dora) => {
    const of = (dropout: number) =>
      configOf({ adapter: { rank: 4, alpha: 8, dora, dropout }, maxSteps: 5, recompute, microBatchTokens: 64 });
    const [whole, broken] = [of(0.2), of(0.2)];
    const straight = await trained(whole);
    expect(straight.losses.get(1)).toBeCloseTo(Math.log(2), 6); // B is 0: policy and reference are the same, whatever is dropped
    const first = await trained(broken, [], 2);
    const second = await trained(broken, first.checkpoints);
    expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
    const result = ({ output }: RunConfig) => readSafetensors(join(output, "adapter_model.safetensors"));
    expect(result(broken)).toEqual(result(whole));
    const without = await trained(of(0));
    expect(without.losses.get(1)).toBeCloseTo(Math.log(2), 6);
    expect(without.losses.get(5)).not.toBeCloseTo(straight.losses.get(5)!, 5);
  },
);

test("an adapter goes on with the run's dropout, not with that of its folder, and is apart from its reference at once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  cpSync(`${golden}/adapter_init`, folder, { recursive: true });
  const file = join(folder, "adapter_config.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), lora_dropout: 0.5 }));
  const of = (dropout: number) => configOf({ adapter: { dropout, init: folder }, reference: "initial", maxSteps: 1 });
  const runs = [0, 0.2].map(of);
  const losses = [];
  for (const run_ of runs) losses.push((await trained(run_)).losses.get(1)!);
  expect(losses[0]).toBeCloseTo(Math.log(2), 6);
  expect(Math.abs(losses[1]! - losses[0]!)).toBeGreaterThan(1e-3);
  const written = runs.map(
    ({ output }) => JSON.parse(readFileSync(join(output, "adapter_config.json"), "utf8")).lora_dropout,
  );
  expect(written).toEqual([0, 0.2]);
});

test.each([
  ["prompt", "none"],
  ["prompt", "block"],
  ["prefix", "block"],
])("a learned %s goes on to the same bits, with blocks recomputed: %s", async (type, recompute) => {
  const of = () =>
    configOf({ adapter: { type, virtualTokens: 6 }, maxSteps: 5, recompute, optimizer: { learningRate: 0.03 } });
  const [whole, broken] = [of(), of()];
  const straight = await trained(whole);
  expect(Math.abs(straight.losses.get(1)! - Math.log(2))).toBeGreaterThan(1e-4); // it is not its reference, the base, at the start
  const first = await trained(broken, [], 2);
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  const result = (folder: string) => readSafetensors(join(folder, "adapter_model.safetensors"));
  expect(result(broken.output)).toEqual(result(whole.output));
  expect(result(broken.output)).not.toEqual(result(first.checkpoints[0]!.folder));
  const config_ = JSON.parse(readFileSync(join(whole.output, "adapter_config.json"), "utf8"));
  expect(config_).toMatchObject({ peft_type: `${type.toUpperCase()}_TUNING`, num_virtual_tokens: 6 });
});

test.each(["prompt", "prefix"])(
  "under a learned %s GRPO's sampler says what its trainer says, and the reference is the base",
  async (type) => {
    const reward = { model: `${golden}/reward_init` };
    const grpo = { prompts: 2, numGenerations: 2, maxCompletionLength: 8, reward };
    const checked: string[] = [];
    const run_ = configOf({ method: "grpo", adapter: { type, virtualTokens: 6 }, maxSteps: 1, saveEvery: null, grpo });
    const observer = { ...silent, checked: ({ detail }: { detail: string }) => void checked.push(detail) };
    await run(run_, { observer, signal: new AbortController().signal });
    expect(checked).toContainEqual(expect.stringMatching(/^sampler and trainer .* nats per token apart/));
  },
);

test.each([
  ["an (IA)³", { type: "ia3" }, "adapter_model.safetensors", 0.05],
  ["a bottleneck after Houlsby", { type: "bottleneck", placement: "houlsby" }, "adapter.safetensors", 0.01],
  ["a bottleneck after Pfeiffer", { type: "bottleneck", placement: "pfeiffer" }, "adapter.safetensors", 0.01],
])("%s goes on to the same bits", async (_, adapter, file, learningRate) => {
  const of = () => configOf({ adapter, maxSteps: 5, optimizer: { learningRate } });
  const [whole, broken] = [of(), of()];
  const straight = await trained(whole);
  const first = await trained(broken, [], 2);
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  expect(straight.losses.get(1)).toBeCloseTo(Math.log(2), 5); // it starts as its reference, the base
  expect(Math.abs(straight.losses.get(5)! - straight.losses.get(1)!)).toBeGreaterThan(1e-3);
  const result = ({ output }: RunConfig) => readSafetensors(join(output, file));
  expect(result(broken)).toEqual(result(whole));
});

test("a reward model on a bottleneck goes on to the same bits, and is read with its head", async () => {
  const adapter = { type: "bottleneck", placement: "houlsby" };
  const of = () => configOf({ method: "reward", adapter, maxSteps: 5 });
  const [whole, broken] = [of(), of()];
  const straight = await trained(whole);
  const first = await trained(broken, [], 2);
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  const weights = ({ output }: RunConfig) => readSafetensors(join(output, "adapter.safetensors"));
  expect(weights(broken)).toEqual(weights(whole));
  const head = weights(whole).get("score.weight")!;
  expect([...readHead(whole.output, head.shape[1]!).dataSync()]).toEqual([...head.data]);
  const { model } = await loadModel({ source: `${golden}/model`, dtype: "float32" });
  const shapes = [...readAdapter(whole.output, model.config).weights.values()].map(({ shape }) => shape);
  expect(shapes.length).toBe(weights(whole).size - 1);
});

test("BCO goes on from its running mean to the same bits, accumulated batch by accumulated batch", async () => {
  const bco = {
    ...{ method: "kto", kto: { lossType: "bco" }, maxSteps: 5, gradientAccumulationSteps: 2 },
    data: { train: `${golden}/unpaired.jsonl`, maxLength: 256, heldOut: 0.1 },
    evalEvery: 1,
  };
  const [whole, broken] = [configOf(bco), configOf(bco)];
  const straight = await trained(whole);
  const first = await trained(broken, [], 2);
  const state = JSON.parse(readFileSync(join(first.checkpoints[0]!.folder, "controller.json"), "utf8"));
  expect(state.count).toBe(2 * 6); // answers of two steps: neither the checks nor the held-out rows count
  expect(state.mean).not.toBe(0);
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  const result = ({ output }: RunConfig) => readSafetensors(join(output, "adapter_model.safetensors"));
  expect(result(broken)).toEqual(result(whole));
});
