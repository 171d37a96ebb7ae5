// PPO against the recorded run of TRL 1.12.0, the last release that has it: its rollouts and mini-batches, everything else computed anew.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type RunConfig, runConfig } from "../../../spec/config";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { readSafetensors } from "../../models/formats/safetensors";
import { silent } from "../../run/observer";
import { run } from "../../run/train";

const golden = "data/golden/trajectories";
interface Update {
  minibatches: Record<"loss" | "pg_loss" | "vf_loss" | "pg_clipfrac" | "vf_clipfrac", number>[];
  metrics: Record<string, number>;
}
const { updates } = JSON.parse(readFileSync(`${golden}/ppo_lora_sgd.json`, "utf8")) as { updates: Update[] };

function config(overrides: object): RunConfig {
  return runConfig.parse({
    method: "ppo",
    model: { source: `${golden}/model`, dtype: "float32" },
    adapter: { rank: 8, alpha: 16, init: `${golden}/ppo/policy_init` },
    optimizer: { name: "sgd", learningRate: 0.02, schedule: "constant", maxGradNorm: 1e9 },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
    ...overrides,
  });
}

const replayed = {
  ppo: {
    rollouts: 8,
    maxCompletionLength: 20,
    temperature: 0.7,
    epochs: 4,
    numMiniBatches: 2,
    scorePlacement: "trl",
    reward: { model: `${golden}/reward_init` },
    value: { init: `${golden}/ppo/value_init` },
    replay: `${golden}/ppo_lora_sgd.json`,
  },
};

async function rowsOf(run_: RunConfig, signal = new AbortController().signal): Promise<MetricRow[]> {
  const rows: MetricRow[] = [];
  await run(run_, { signal, observer: { ...silent, metrics: (row) => void rows.push(row) } });
  return rows;
}

test.each([[null], [60]])("follows TRL step by step (tokens at once: %s)", async (microBatchTokens) => {
  const rows = await rowsOf(config({ ...replayed, microBatchTokens }));
  const expected = updates.flatMap(({ minibatches }) => minibatches);
  expect(rows).toHaveLength(24);
  expected.forEach((wanted, i) => {
    const row = rows[i]!;
    expect([row.update, row.epoch, row.minibatch]).toEqual([
      1 + Math.floor(i / 8),
      1 + Math.floor((i % 8) / 2),
      1 + (i % 2),
    ]);
    expect(Math.abs(row.loss! - wanted.loss)).toBeLessThan(1e-5);
    expect(Math.abs(row["loss/policy"]! - wanted.pg_loss)).toBeLessThan(1e-5);
    expect(Math.abs(row["loss/value"]! - wanted.vf_loss)).toBeLessThan(1e-5);
    expect(Math.abs(row["policy/clipfrac"]! - wanted.pg_clipfrac)).toBeLessThan(1e-6);
    expect(Math.abs(row["val/clipfrac"]! - wanted.vf_clipfrac)).toBeLessThan(1e-6);
  });
  updates.forEach(({ metrics }, i) => {
    const row = rows[8 * i]!;
    for (const name of [
      "objective/kl",
      "objective/non_score_reward",
      "objective/scores",
      "objective/rlhf_reward",
    ] as const)
      expect(Math.abs(row[name]! - metrics[name]!), name).toBeLessThan(1e-4);
    expect(row["val/num_eos_tokens"]).toBe(metrics["val/num_eos_tokens"]);
  });
});

test("ends its first step with TRL's weights of policy and critic", async () => {
  const run_ = config({ ...replayed, maxSteps: 1 });
  await rowsOf(run_);
  for (const [role, folder] of [
    ["policy", run_.output],
    ["value", join(run_.output, "value")],
  ] as const) {
    const ours = readSafetensors(join(folder, "adapter_model.safetensors"));
    const theirs = readSafetensors(`${golden}/ppo/ppo_lora_sgd_${role}_step1.safetensors`);
    expect(ours.size).toBe(role === "policy" ? 28 : 29);
    for (const [name, { data }] of ours) {
      const wanted = theirs.get(name) ?? theirs.get(name.replace(".weight", ".default.weight"));
      expect(wanted, `${name} of ${[...theirs.keys()].slice(0, 3)}`).toBeDefined();
      expect(Math.max(...data.map((value, i) => Math.abs(value - wanted!.data[i]!)))).toBeLessThan(1e-6);
    }
  }
});

const sampled = {
  data: { train: `${golden}/pairs.jsonl`, maxLength: 256 },
  optimizer: { learningRate: 1e-3 },
  ppo: {
    rollouts: 6,
    maxCompletionLength: 12,
    epochs: 2,
    numMiniBatches: 2,
    adaptiveKl: { target: 0.5, horizon: 50 },
    reward: { model: `${golden}/reward_init` },
  },
  maxSteps: 12,
};

test("stopped after an update and resumed, it ends with the same bits: policy, critic, KL coefficient", async () => {
  const straight = config(sampled);
  const whole = await rowsOf(straight);
  expect(whole.map(({ step }) => step)).toEqual([4, 8, 12]); // a line an update

  const halted = config(sampled);
  const stop = new AbortController();
  const saved: { folder: string; manifestHash: string }[] = [];
  const observer = {
    ...silent,
    metrics: ({ step }: MetricRow) => step === 4 && stop.abort(),
    checkpoint: (_: number, folder: string, manifestHash: string) => void saved.unshift({ folder, manifestHash }),
  };
  expect(await run(halted, { signal: stop.signal, observer })).toBe(false);
  const rows: MetricRow[] = [];
  const resumed = { ...silent, metrics: (row: MetricRow) => void rows.push(row) };
  await run(halted, { signal: new AbortController().signal, observer: resumed, resume: saved, attempt: 2 });
  expect(rows.map(({ step }) => step)).toEqual([8, 12]);
  expect(rows[1]!["objective/kl_coefficient"]).toBe(whole[2]!["objective/kl_coefficient"]);
  expect(whole[2]!["objective/kl_coefficient"]).not.toBe(0.05);
  for (const name of ["adapter_model.safetensors", "value/adapter_model.safetensors"])
    expect(readFileSync(join(halted.output, name)).equals(readFileSync(join(straight.output, name))), name).toBe(true);
});

test("starts at its reference: KL 0, ratio 1, nothing clipped, and says that it checked", async () => {
  const checks: string[] = [];
  const rows: MetricRow[] = [];
  const one = {
    ...sampled,
    maxSteps: 1,
    adapter: { rank: 4, alpha: 8 },
    ppo: { ...sampled.ppo, epochs: 1, numMiniBatches: 1 },
  };
  const observer = {
    ...silent,
    checked: ({ name }: { name: string }) => void checks.push(name),
    metrics: (row: MetricRow) => void rows.push(row),
  };
  await run(config(one), { signal: new AbortController().signal, observer });
  expect(checks).toEqual(["masks", "rollout", "adapter", "finite"]);
  const [row] = rows;
  expect(Math.abs(row!["objective/kl"]!)).toBeLessThan(1e-4);
  expect(row!["val/ratio"]).toBeCloseTo(1, 5);
  expect(row!["policy/clipfrac_avg"]).toBe(0);
  expect(row!["policy/approxkl_avg"]).toBeLessThan(1e-9);
});

test("in the critic's warm-up the policy stays as it is, and the critic learns", async () => {
  const warm = { ...sampled, maxSteps: 4, adapter: { rank: 4, alpha: 8 }, ppo: { ...sampled.ppo, criticWarmup: 1 } };
  const given = config(warm);
  const [row] = await rowsOf(given);
  expect(row!["val/ratio"]).toBeCloseTo(1, 5); // after the update's four steps; sampling and training may round differently
  const update = (name: string) =>
    Math.max(
      ...[...readSafetensors(join(given.output, name))]
        .filter(([key]) => key.includes("lora_B"))
        .flatMap(([, { data }]) => [...data].map(Math.abs)),
    );
  expect(update("adapter_model.safetensors")).toBe(0);
  expect(update("value/adapter_model.safetensors")).toBeGreaterThan(1e-4);
});

test("an update ends early once it has gone too far, and says how far it went", async () => {
  const far = { ...sampled, maxSteps: 8, optimizer: { learningRate: 1e-2 } };
  const free = await rowsOf(config(far));
  const held = await rowsOf(config({ ...far, ppo: { ...sampled.ppo, targetKl: 1e-4 } }));
  expect(held.map(({ step }) => step)).toEqual([4, 8]);
  expect(held[0]!.tokens).toBeLessThan(free[0]!.tokens!); // steps were left out
  expect(held[0]!["policy/approxkl_avg"]).toBeLessThan(free[0]!["policy/approxkl_avg"]!);
});

test("the KL may stand in the loss: then a high price holds the policy, and no reward pays it", async () => {
  const priced = (klCoefficient: number) =>
    config({
      ...sampled,
      maxSteps: 12,
      reference: "initial",
      ppo: { ...sampled.ppo, adaptiveKl: null, klPlacement: "loss", klEstimator: "k3", klCoefficient },
    });
  const [free, dear] = [await rowsOf(priced(0)), await rowsOf(priced(20))];
  expect(dear.map((row) => row["objective/non_score_reward"]! + 0)).toEqual([0, 0, 0]);
  expect(dear[2]!["objective/kl"]).toBeLessThan(0.7 * free[2]!["objective/kl"]!);
});

test("a value head on the actor, averages over answers and an entropy bonus train too", async () => {
  const given = config({
    ...sampled,
    maxSteps: 4,
    ppo: { ...sampled.ppo, value: { head: "actor" }, average: "sequence", entropyCoef: 0.1 },
  });
  const [row] = await rowsOf(given);
  expect(row!["loss/value_avg"]).toBeGreaterThan(0);
  const saved = readSafetensors(join(given.output, "value/adapter_model.safetensors"));
  const head = [...saved].find(([name]) => name.endsWith("score.weight"))![1];
  expect(head.data.some((value) => value !== 0)).toBe(true);
});

test.each([
  [{ reward: { gold: "film-reviews" }, klPlacement: "loss" }, "in the loss the KL takes k2 or k3"],
  [{ reward: {} }, "give a reward model, an oracle reward, an address, a function, a rule or an environment"],
  [{ reward: { gold: "film-reviews" }, rollouts: 2, numMiniBatches: 3 }, "more mini-batches than rollouts"],
  [{ reward: { gold: "film-reviews" }, replay: "x.json" }, "a replay brings its own prompts"],
])("refuses %o", (ppo, reason) => {
  expect(() => config({ data: { train: "x.jsonl" }, ppo })).toThrow(reason);
});
