// Runs that go on from a LoRA with an output head of its own (`adapter.modulesToSave: ["lm_head"]`), as after SFT in a pipeline with pre-training:
// a reward model leaves it out, whose head is another, and policies have it on both sides of a KL. The model's embeddings and head are tied.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { RunConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { configOf, trained } from "../../test/stopped-runs";
import { tunedFiles } from "../inference/frozen-policy";
import { readSafetensors, writeSafetensors } from "../models/formats/safetensors";
import { loadModel, readModel } from "../models/load";
import { openRewardModel } from "../rewards/reward-model";
import { planMemory } from "./memory";
import { silent } from "./observer";
import { createPolicy } from "./policy";
import { run } from "./train";
import { examine } from "./validate-run";

const model = "data/golden/trajectories/model";
const head = "base_model.model.lm_head.weight";
const optimizer = { learningRate: 1e-2 };
const weightsOf = (folder: string) => readSafetensors(join(folder, "adapter_model.safetensors"));
const settingsOf = (folder: string) => JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8"));

/** A policy that was trained with its output head, the same without it in its files, and a reward model that goes on from it. */
let policy: RunConfig;
let headless: string;
let reward: RunConfig;
let straight: Awaited<ReturnType<typeof trained>>;
const onPolicy = (overrides: object) => configOf({ adapter: { init: policy.output }, optimizer, ...overrides });

beforeAll(async () => {
  policy = configOf({
    adapter: { rank: 4, alpha: 8, modulesToSave: ["lm_head"] },
    maxSteps: 3,
    optimizer,
  });
  await trained(policy);
  headless = mkdtempSync(join(tmpdir(), "workbench-headless-"));
  cpSync(policy.output, headless, { recursive: true });
  writeSafetensors(
    join(headless, "adapter_model.safetensors"),
    new Map([...weightsOf(policy.output)].filter(([name]) => name !== head)),
  );
  const { modules_to_save: _, ...settings } = settingsOf(policy.output);
  writeFileSync(join(headless, "adapter_config.json"), JSON.stringify(settings));
  reward = onPolicy({ method: "reward", maxSteps: 5 });
  straight = await trained(reward);
}, 120_000);

test("training the head leaves the embeddings that it was tied to as they were, alone and worked into the base", async () => {
  const base = readSafetensors(join(model, "model.safetensors"));
  const embeddings = base.get("model.embed_tokens.weight")!.data;
  expect((await readModel(model)).config.tiedEmbeddings).toBe(true);
  expect([...weightsOf(policy.output).keys()].filter((name) => !name.includes("lora_"))).toEqual([head]);
  const { host, config } = await tunedFiles(model, policy.output);
  expect(config.tiedEmbeddings).toBe(false);
  expect(host.get("model.embed_tokens.weight")!.data).toEqual(embeddings);
  expect(host.get("lm_head.weight")!.data).toEqual(weightsOf(policy.output).get(head)!.data);
  expect(host.get("lm_head.weight")!.data).not.toEqual(embeddings);
});

test("a reward model starts from the rest of a policy's adapter, number for number", async () => {
  const files = await readModel(model);
  const plan = planMemory(reward, files.config, 64);
  const { context } = createPolicy(files, reward, plan);
  const start = new Map(
    [...context.policy!.weights].map(([name, one]) => [`base_model.model.${name}`, one.dataSync()]),
  );
  const saved = [...weightsOf(policy.output)].filter(([name]) => name !== head);
  expect(saved.length).toBeGreaterThan(2);
  expect([...start.keys()].sort()).toEqual(saved.map(([name]) => name).sort());
  for (const [name, { data }] of saved) expect(start.get(name), name).toEqual(data);
  expect(plan.parts).toEqual(
    planMemory({ ...reward, adapter: { ...reward.adapter!, init: headless } }, files.config, 64).parts,
  );
  await expect(examine(reward, [])).resolves.toBeDefined();
});

test("it trains as from the same adapter without a head, and stopped goes on to the same bits", async () => {
  const broken = onPolicy({ method: "reward", maxSteps: 5 });
  const fromHeadless = onPolicy({ method: "reward", maxSteps: 5, adapter: { init: headless } });
  const first = await trained(broken, [], 3);
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  expect([...(await trained(fromHeadless)).losses]).toEqual([...straight.losses]);
  expect(straight.losses.get(5)).not.toBe(straight.losses.get(1));
  expect(weightsOf(broken.output)).toEqual(weightsOf(reward.output));
  expect(weightsOf(fromHeadless.output)).toEqual(weightsOf(reward.output));
  expect(weightsOf(reward.output).has(head)).toBe(false);
  expect(settingsOf(reward.output)).toMatchObject({ modules_to_save: ["score"], task_type: "SEQ_CLS" });
  const { model: base, tokenizer } = await loadModel({ source: model, dtype: "float32" });
  const scorer = openRewardModel(reward.output, base, tokenizer);
  expect(scorer.score([scorer.row("How was the film?", "Long.")])[0]).toBeTypeOf("number");
}, 120_000);

test("a process reward model starts from it as well", async () => {
  const data = { train: "data/golden/trajectories/stepwise.jsonl", maxLength: 256 };
  const prm = onPolicy({ method: "prm", maxSteps: 1, data });
  await trained(prm);
  expect(weightsOf(prm.output).has(head)).toBe(false);
});

const answers = { maxCompletionLength: 8 };
const rewarded = () => ({ ...answers, reward: { model: reward.output } });
const initial = { reference: "initial" };
const overPolicy: [string, () => object][] = [
  ["dpo", () => initial],
  ["dpo in bfloat16", () => ({ ...initial, method: "dpo", model: { source: model, dtype: "bfloat16" } })],
  ["kto", () => initial],
  ["ppo", () => ({ ...initial, ppo: { ...rewarded(), rollouts: 4, numMiniBatches: 1 } })],
  ["grpo", () => ({ ...initial, grpo: { ...rewarded(), prompts: 2, numGenerations: 2 } })],
  ["iterative-dpo", () => ({ batchSize: 4, iterativeDpo: { ...round, judge: { model: reward.output } } })],
];
const round = { promptsPerRound: 4, numGenerations: 4, maxCompletionLength: 64 }; // of one step

/** What the first step says of how far the policy is from its reference. */
async function firstRow(config: RunConfig): Promise<Record<string, number>> {
  const rows: MetricRow[] = [];
  const observer = { ...silent, metrics: (row: MetricRow) => void rows.push(row) };
  await run(config, { observer, signal: new AbortController().signal });
  return rows[0] as unknown as Record<string, number>;
}

test.each(overPolicy)("%s has the trained head in policy and reference", async (method, own) => {
  const config = onPolicy({ method, maxSteps: 1, saveEvery: null, ...own() });
  const row = await firstRow(config);
  const apart = ["objective/kl", "rewards/margins", "rewards/chosen"].filter((name) => row[name] !== undefined);
  expect(apart.length, Object.keys(row).join()).toBeGreaterThan(0);
  for (const name of apart) expect(row[name], name).toBe(0);
  expect(weightsOf(config.output).get(head)!.data).not.toEqual(weightsOf(policy.output).get(head)!.data);
  if (!("reference" in config)) return; // it is always the start
  const fromBase = await firstRow(onPolicy({ method, maxSteps: 1, saveEvery: null, ...own(), reference: "base" }));
  for (const name of apart) expect(Math.abs(fromBase[name]!), name).toBeGreaterThan(1e-4);
});
