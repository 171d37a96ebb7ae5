// Runs of distillation. Expected numbers of the trajectories: TRL 1.16.0 (data/golden/make-distillation.py).
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type RunConfig, runConfig } from "../../../spec/config";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { mean } from "../../../spec/statistics";
import { rowsOf } from "../../../test/finished-run";
import { trained } from "../../../test/stopped-runs";
import { writeModel } from "../../adapters/merge";
import { tunedFiles } from "../../inference/frozen-policy";
import { readSafetensors } from "../../models/formats/safetensors";

const golden = "data/golden/trajectories";
const data = { train: `${golden}/sft.jsonl`, order: "sequential", maxLength: 256 };
const folder = () => mkdtempSync(join(tmpdir(), "workbench-test-"));

const configOf = ({ distill, ...overrides }: { distill?: object } & Record<string, unknown> = {}): RunConfig =>
  runConfig.parse({
    method: "distill",
    model: { source: `${golden}/model`, dtype: "float32" },
    adapter: { rank: 8, alpha: 16, init: `${golden}/adapter_init` },
    data,
    distill: { teacher: `${golden}/ppo/policy_init`, maxCompletionLength: 12, ...distill },
    batchSize: 4,
    maxSteps: 4,
    optimizer: { learningRate: 5e-4, schedule: "constant" },
    output: folder(),
    ...overrides,
  });

const { runs } = JSON.parse(readFileSync(`${golden}/distillation.json`, "utf8")) as {
  runs: { beta: number; steps: { loss: number; grad_norm: number }[] }[];
};

test.each(runs)("follows TRL step by step on the rows' own answers: β = $beta", async ({ beta, steps }) => {
  const rows = await rowsOf(configOf({ distill: { lmbda: 0, beta }, maxSteps: steps.length }));
  expect(rows).toHaveLength(steps.length);
  steps.forEach(({ loss, grad_norm }, i) => {
    expect(Math.abs(rows[i]!.loss! - loss), `loss of step ${i + 1}`).toBeLessThan(i ? 1e-5 : 1e-6);
    expect(Math.abs(rows[i]!.grad_norm! / grad_norm - 1), `gradient of step ${i + 1}`).toBeLessThan(i ? 1e-4 : 2e-6);
    if (beta === 1) expect(rows[i]!["teacher/kl"]).toBeCloseTo(rows[i]!.loss!, 6);
  });
});

test("the whole batch and its micro-batches give the same step", async () => {
  const ways = [
    { batchSize: 8 },
    { batchSize: 1, gradientAccumulationSteps: 8 },
    { microBatchTokens: 100, batchSize: 8 },
  ];
  for (const more of [{}, { policyGradient: true, beta: 1 }]) {
    const steps: MetricRow[] = [];
    for (const way of ways)
      steps.push((await rowsOf(configOf({ ...way, maxSteps: 1, distill: { lmbda: 1, ...more } })))[0]!);
    const [whole, ...parts] = steps;
    for (const part of parts)
      for (const name of [
        "loss",
        "grad_norm",
        "teacher/kl",
        "teacher/agreement",
        "entropy",
        "completions/mean_length",
        ...("beta" in more ? (["teacher/sampled_kl"] as const) : []),
      ] as const)
        expect(Math.abs(part[name]! - whole![name]!), name).toBeLessThan(2e-6 * Math.max(1, whole![name]!));
  }
});

test("a student that is its teacher has nothing to learn, whoever writes the answers", async () => {
  const own = [{ lmbda: 1 }, { lmbda: 1, policyGradient: true, beta: 1 }];
  for (const distill of [...own, { lmbda: 0, seqKd: true }, { lmbda: 0 }]) {
    const teacher = `${golden}/adapter_init`;
    const [row] = await rowsOf(configOf({ distill: { teacher, ...distill }, maxSteps: 1 }));
    expect(Math.abs(row!.loss!)).toBeLessThan(1e-6);
    expect(Math.abs(row!["teacher/kl"]!)).toBeLessThan(1e-6);
    expect(row!["teacher/agreement"]).toBe(1);
    expect("completions/mean_length" in row!).toBe(distill.lmbda === 1 || "seqKd" in distill);
  }
});

test("MiniLLM adds what the student's own completions say to the KL, and nothing to other steps or held-out rows", async () => {
  const distill = { policyGradient: true, beta: 1, lmbda: 0.5 };
  const rows = await rowsOf(configOf({ distill, maxSteps: 12, evalEvery: 12, data: { ...data, heldOut: 0.2 } }));
  const steps = rows.filter(({ loss }) => loss !== undefined);
  const sampled = steps.filter((row) => row["completions/mean_length"] !== undefined);
  expect([steps.length, sampled.length > 1, sampled.length < 11]).toEqual([12, true, true]);
  for (const row of steps) {
    const [kl, ahead] = [row["teacher/kl"]!, row["teacher/sampled_kl"]];
    expect(ahead !== undefined).toBe(sampled.includes(row));
    expect(Math.abs(row.loss! - kl - (ahead ?? 0))).toBeLessThan(2e-6);
  }
  const heldOut = rows.at(-1)!;
  expect(Math.abs(heldOut.eval_loss! - heldOut["eval_teacher/kl"]!)).toBeLessThan(2e-6);
});

test("a student comes nearer its teacher by MiniLLM on its own completions alone", async () => {
  const distill = { policyGradient: true, beta: 1, lmbda: 1 };
  const optimizer = { learningRate: 5e-3, schedule: "constant" };
  const rows = await rowsOf(configOf({ distill, optimizer, maxSteps: 40, batchSize: 8 }));
  const last = mean(rows.slice(-5).map((row) => row["teacher/kl"]!));
  expect(last).toBeLessThan(0.85 * rows[0]!["teacher/kl"]!); // GKD with the same settings: 0.67
});

test("with λ between 0 and 1 some steps are sampled and some are not", async () => {
  const rows = await rowsOf(configOf({ distill: { lmbda: 0.5 }, maxSteps: 12 }));
  const sampled = rows.filter((row) => row["completions/mean_length"] !== undefined);
  expect(sampled.length).toBeGreaterThan(1);
  expect(sampled.length).toBeLessThan(11);
  for (const row of sampled) expect(row["completions/mean_length"]).toBeLessThanOrEqual(12);
});

test.each([
  ["an adapter", {}, {}],
  ["every weight", { adapter: null }, {}],
  ["an adapter, the teacher writing the other answers", {}, { seqKd: true, temperature: 0.8 }],
  ["an adapter by MiniLLM", {}, { policyGradient: true, beta: 1, gamma: 0.9, temperature: 0.8 }],
])("a run that is stopped goes on to the same bits: %s", async (_, options, distill) => {
  const of = () => configOf({ ...options, distill, maxSteps: 6, saveEvery: null });
  const [whole, broken] = [of(), of()];
  const straight = await trained(whole);
  const first = await trained(broken, [], 3);
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  const file = whole.adapter ? "adapter_model.safetensors" : "model.safetensors";
  const result = ({ output }: RunConfig) => readSafetensors(join(output, file));
  expect(result(broken)).toEqual(result(whole));
});

test("a teacher that is a model of its own teaches what its adapter does, to a student of every weight too", async () => {
  const teacher = folder();
  writeModel(teacher, await tunedFiles(`${golden}/model`, `${golden}/ppo/policy_init`), "float32");
  for (const student of [{}, { adapter: null }]) {
    const ours = await rowsOf(configOf({ ...student, distill: { teacher }, maxSteps: 2 }));
    const theirs = await rowsOf(configOf({ ...student, maxSteps: 2 }));
    for (const [i, row] of ours.entries()) expect(Math.abs(row.loss! - theirs[i]!.loss!)).toBeLessThan(1e-5);
  }
});

test("a student of tiny that is distilled from a run of DPO says more of what the oracle rewards, as the run does", {
  tags: "long",
}, async () => {
  const shared = {
    ...{ model: { source: "tiny" }, adapter: { rank: 8, alpha: 16 }, batchSize: 16, maxSteps: 32, sampleEvery: 32 },
    data: { train: "data/samples/film-reviews.jsonl.gz", heldOut: 0.1, maxLength: 96 },
    optimizer: { learningRate: 1e-3, schedule: "constant" },
    ...{ samplePrompts: 32, sampleLength: 24 },
  };
  const dpo = runConfig.parse({ ...shared, method: "dpo", output: folder() });
  const taught = await rowsOf(dpo);
  const learnt = await rowsOf(configOf({ ...shared, distill: { teacher: dpo.output, maxCompletionLength: 24 } }));
  const gold = (row: MetricRow | undefined) => row!["on_policy/gold"]!;
  const [before, teacher] = [gold(taught[0]), gold(taught.at(-1))];
  expect(gold(learnt[0])).toBe(before);
  expect(gold(learnt.at(-1)) - before).toBeGreaterThan((teacher - before) / 2);
  expect(teacher - before).toBeGreaterThan(0.2);
  expect(learnt.at(-1)!["teacher/kl"]).toBeLessThan(learnt[1]!["teacher/kl"]! / 10);
});
