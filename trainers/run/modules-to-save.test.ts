// Runs in which modules of the base are trained whole beside a LoRA, on a Llama whose embeddings and head are tied.
import { cpSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { RunConfig } from "../../spec/config";
import { configOf, trained } from "../../test/stopped-runs";
import { native } from "../engine/native";
import { loadBase, readPolicy } from "../inference/frozen-policy";
import { createSampler } from "../inference/sampling";
import { weightShapes } from "../models/families";
import { readSafetensors, writeSafetensors } from "../models/formats/safetensors";
import { loadModel } from "../models/load";
import { openRewardModel } from "../rewards/reward-model";
import { loadServed } from "../serve/served";
import { planMemory } from "./memory";
import { silent } from "./observer";
import { run } from "./train";

const golden = "data/golden/trajectories";
const lora = { rank: 4, alpha: 8 };
const ends = ["embed_tokens", "lm_head", "model.norm"];
const weightsOf = ({ output }: Pick<RunConfig, "output">, folder = "") =>
  readSafetensors(join(output, folder, "adapter_model.safetensors"));
const configFile = ({ output }: RunConfig) => JSON.parse(readFileSync(join(output, "adapter_config.json"), "utf8"));
/** The files of adapters begin every name so. */
const peft = (name: string) => `base_model.model.${name}`;

test.each([
  ["outside the blocks", { modulesToSave: ends }, "none"],
  ["in the blocks, which are computed again", { modulesToSave: ["norm", "k_proj"] }, "block"],
  ["beside a start of PiSSA's", { modulesToSave: ["lm_head"], start: "pissa" }, "attention"],
])("a run with modules %s goes on to the same bits", async (_, adapter, recompute) => {
  const of = () =>
    configOf({ adapter: { ...lora, ...adapter }, maxSteps: 5, recompute, optimizer: { learningRate: 1e-2 } });
  const [whole, broken] = [of(), of()];
  const straight = await trained(whole);
  const first = await trained(broken, [], 2);
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  expect(straight.losses.get(1)).toBeCloseTo(Math.log(2), 5); // it starts as its reference, the base
  expect(Math.abs(straight.losses.get(5)! - straight.losses.get(1)!)).toBeGreaterThan(1e-2);
  const result = weightsOf(whole);
  expect(weightsOf(broken)).toEqual(result);
  const early = readSafetensors(join(first.checkpoints[0]!.folder, "adapter_model.safetensors"));
  for (const [name, { data }] of result)
    if (!name.includes("lora_")) expect(data, name).not.toEqual(early.get(name)!.data);
  expect(configFile(whole).modules_to_save).toEqual(adapter.modulesToSave);
});

test("the own ops and TensorFlow's train the same", async () => {
  const losses = [];
  for (const ops of ["on", "off"]) {
    vi.stubEnv("WORKBENCH_NATIVE", ops);
    losses.push((await trained(configOf({ adapter: { ...lora, modulesToSave: ends }, maxSteps: 4 }))).losses);
  }
  vi.unstubAllEnvs();
  for (const [step, loss] of losses[0]!)
    expect(Math.abs(loss - losses[1]!.get(step)!), `step ${step}`).toBeLessThan(1e-5);
});

test("a run goes on from another's modules, whose policy as it was is its reference", async () => {
  const before = configOf({ adapter: { ...lora, modulesToSave: ends }, maxSteps: 2 });
  await trained(before);
  const after = configOf({ adapter: { init: before.output }, reference: "initial", maxSteps: 2 });
  const { losses } = await trained(after);
  expect(losses.get(1)).toBeCloseTo(Math.log(2), 5);
  expect(losses.get(2)).not.toBeCloseTo(Math.log(2), 5);
  expect([...weightsOf(after).keys()]).toEqual([...weightsOf(before).keys()]);
});

test.each([[ends], [["norm"]]])("GRPO's sampler says what its trainer says, with %s", async (modulesToSave) => {
  const optimizer = { learningRate: 1e-2 };
  const before = configOf({ adapter: { ...lora, modulesToSave }, maxSteps: 3, optimizer });
  await trained(before);
  const grpo = { prompts: 2, numGenerations: 2, maxCompletionLength: 8, reward: { model: `${golden}/reward_init` } };
  const adapter = { init: before.output };
  const after = configOf({ method: "grpo", adapter, reference: "base", maxSteps: 1, saveEvery: null, grpo });
  const checked: string[] = [];
  const observer = { ...silent, checked: ({ detail }: { detail: string }) => void checked.push(detail) };
  await run(after, { observer, signal: new AbortController().signal });
  expect(checked).toContainEqual(expect.stringMatching(/^sampler and trainer .* nats per token apart/));
});

test("PPO's critic has norms of its own and no output head", async () => {
  const ppo = {
    rollouts: 4,
    maxCompletionLength: 8,
    miniBatches: 1,
    epochs: 1,
    entropyCoef: 0.01,
    reward: { rules: { pattern: { expression: "e" } } },
  };
  const adapter = { ...lora, modulesToSave: ["norm", "lm_head"] };
  const run_ = configOf({
    method: "ppo",
    adapter,
    maxSteps: 2,
    saveEvery: null,
    ppo,
    optimizer: { learningRate: 1e-2 },
  });
  await run(run_, { observer: silent, signal: new AbortController().signal });
  const [actor, critic] = [weightsOf(run_), weightsOf(run_, "value")];
  const names = (of: typeof actor) => [...of.keys()].filter((name) => !name.includes("lora_"));
  const norm = peft("model.norm.weight");
  expect(names(actor)).toEqual(expect.arrayContaining([norm, peft("lm_head.weight")]));
  expect(names(critic)).toEqual(expect.arrayContaining([norm, peft("score.weight")]));
  expect(names(critic)).not.toContain(peft("lm_head.weight"));
  expect(critic.get(norm)!.data).not.toEqual(actor.get(norm)!.data);
});

test("a reward model has its norms beside its head, and scores with them", async () => {
  const run_ = configOf({
    method: "reward",
    adapter: { ...lora, modulesToSave: ["norm"] },
    maxSteps: 3,
    optimizer: { learningRate: 1e-2 },
  });
  await trained(run_);
  expect(configFile(run_).modules_to_save).toEqual(["norm", "score"]);
  const { model, tokenizer } = await loadModel({ source: `${golden}/model`, dtype: "float32" });
  const score = (folder: string) => {
    const scorer = openRewardModel(folder, model, tokenizer);
    return scorer.score([scorer.row("How was the film?", "Long.")])[0]!;
  };
  const untrained = mkdtempSync(join(tmpdir(), "workbench-base-norms-"));
  cpSync(run_.output, untrained, { recursive: true });
  const base = readSafetensors(`${golden}/model/model.safetensors`);
  const named = (name: string) => base.get(name.replace(/^base_model\.model\./, ""));
  const tensors = [...weightsOf(run_)].map(([name, trained]) => [name, named(name) ?? trained] as const);
  writeSafetensors(join(untrained, "adapter_model.safetensors"), new Map(tensors));
  expect(tensors.filter(([name]) => named(name)).length).toBeGreaterThan(0);
  expect(Math.abs(score(run_.output) - score(untrained))).toBeGreaterThan(1e-3);
  expect(() => configOf({ method: "reward", adapter: { ...lora, modulesToSave: ["lm_head"] } })).toThrow(
    /nothing is read from lm_head: take it out of the list/,
  );
});

test("served beside its base over one copy of it, such an adapter writes what the sampler writes", async () => {
  const run_ = configOf({
    adapter: { ...lora, modulesToSave: [...ends, "input_layernorm"] },
    maxSteps: 3,
    optimizer: { learningRate: 1e-2 },
  });
  await trained(run_);
  const source = { source: `${golden}/model`, dtype: "float32" as const, quantisation: null, unquantised: [] };
  const served = await loadServed({ model: source, policies: new Map([["tuned", run_.output]]), rows: 2, context: 64 });
  const prompt = [1, 20, 30, 40];
  const drawing = {
    temperature: 0,
    topK: null,
    topP: null,
    bias: new Map(),
    frequencyPenalty: 0,
    presencePenalty: 0,
    stream: "one",
  };
  const written = (policy: string) =>
    new Promise<number[]>((resolve) => {
      const ids: number[] = [];
      served.engine.submit({
        ...{ policy, prompt, maxNewTokens: 12, drawing, top: null, scorePrompt: false },
        token(id) {
          ids.push(id);
          return false;
        },
        ended: () => resolve(ids),
      });
    });
  const [tuned, base] = await Promise.all([written("tuned"), written(source.source)]);
  const { model } = await loadBase(source, []);
  const policy = await readPolicy(run_.output, model);
  const options = { maxNewTokens: 12, temperature: 0, ends: new Set<number>(), pad: 0, streams: ["one"] };
  const sampled = (of: typeof policy) => createSampler(of.model, of.adapter)([prompt], options)[0]!.ids;
  expect(tuned).toEqual(sampled(policy));
  expect(base).toEqual(sampled({ model, adapter: null }));
  expect(tuned).not.toEqual(base);
});

test("the memory plan of a run that goes on from an adapter is that of the adapter, whatever the options beside it say", async () => {
  const { model } = await loadModel({ source: `${golden}/model`, dtype: "float32" });
  const plan = (adapter: object) =>
    planMemory(configOf({ adapter, recompute: "none", microBatchTokens: 256 }), model.config, 64).parts;
  for (const fresh of [
    { ...lora, modulesToSave: ends },
    { ...lora, modulesToSave: ["norm"] },
    { rank: 16, dora: true },
  ]) {
    const before = configOf({ adapter: fresh, maxSteps: 1 });
    await trained(before);
    expect(plan({ init: before.output })).toEqual(plan(fresh));
  }
});

test("the memory plan counts copies, gradients and the optimiser's states, and that blocks with their own norms go TensorFlow's way", async () => {
  const { model } = await loadModel({ source: `${golden}/model`, dtype: "float32" });
  const shapes = weightShapes(model.config);
  const plan = (modulesToSave: string[]) =>
    planMemory(
      configOf({ adapter: { ...lora, modulesToSave }, recompute: "none", microBatchTokens: 256 }),
      model.config,
      64,
    ).parts;
  const embedding = shapes["model.embed_tokens.weight"]!.reduce((a, b) => a * b);
  const copies = 4 * (3 + 2) * (2 * embedding + model.config.hiddenSize);
  expect(plan(ends).trained - plan([]).trained).toBe(copies + 4 * 4 * embedding); // and the head's gradients of four chunks
  const ofPpo = (entropyCoef: number) => {
    const ppo = { entropyCoef, reward: { rules: { pattern: { expression: "e" } } } };
    const adapter = { ...lora, modulesToSave: ["lm_head"] };
    const config = configOf({ method: "ppo", adapter, recompute: "none", microBatchTokens: 256, ppo });
    return planMemory(config, model.config, 64).parts.trained;
  };
  expect(ofPpo(0.01) - ofPpo(0)).toBe(4 * 4 * embedding); // the entropy's gradients of the head, of four chunks too
  expect(plan(ends).logits).toBeGreaterThan(native() ? plan([]).logits : 0);
  const inBlocks = plan(["norm"]).activations;
  vi.stubEnv("WORKBENCH_NATIVE", "off");
  expect(inBlocks).toBe(plan(["model.norm"]).activations);
  vi.unstubAllEnvs();
});
