// The whole path (files, template, tokenizer, model, loss, tape, clip, optimiser) against TRL 1.16.0's own training runs.
// Tolerances are those of data/golden/trajectories/README.md.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type RunConfig, runConfig } from "./config";
import { nodeBackend } from "./engine/binding";
import { tf } from "./engine/tensorflow";
import type { MetricRow } from "./metrics";
import { readSafetensors } from "./models/safetensors";
import { run, silent } from "./train";

const golden = "data/golden/trajectories";
const json = <T>(path: string): T => JSON.parse(readFileSync(path, "utf8")) as T;

function config(overrides: object): RunConfig {
  return runConfig.parse({
    method: "dpo",
    model: { source: `${golden}/model`, dtype: "float32" },
    adapter: { rank: 8, alpha: 16, init: `${golden}/adapter_init` },
    data: { train: `${golden}/pairs.jsonl`, order: "sequential", maxLength: 256 },
    batchSize: 4,
    maxSteps: 40,
    optimizer: { learningRate: 5e-4, schedule: "constant" },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
    ...overrides,
  });
}

interface Trace {
  rows: MetricRow[];
  /** Tensors that tfjs counts, and handles that TensorFlow holds, after each step. */
  alive: [number, number][];
}

async function trace(run_: RunConfig, tokensFile?: string): Promise<Trace> {
  const rows: MetricRow[] = [];
  const alive: [number, number][] = [];
  const observer = {
    ...silent,
    metrics(row: MetricRow) {
      rows.push(row);
      alive.push([tf.memory().numTensors, nodeBackend().binding.getNumOfTensors()]);
    },
  };
  await run(run_, { observer, signal: new AbortController().signal, ...(tokensFile && { tokensFile }) });
  return { rows, alive };
}

interface Golden {
  steps: {
    loss: number;
    grad_norm: number;
    "rewards/chosen"?: number;
    "logps/rejected"?: number;
    "rewards/accuracies"?: number;
  }[];
}

const cases = [
  { name: "dpo_sigmoid", overrides: {} },
  { name: "dpo_sigmoid_ga2", overrides: { batchSize: 2, gradientAccumulation: 2 } },
  { name: "dpo_sigmoid_sgd", overrides: { optimizer: { name: "sgd", learningRate: 0.05, schedule: "constant" } } },
  {
    name: "sft",
    overrides: { method: "sft", data: { train: `${golden}/sft.jsonl`, order: "sequential", maxLength: 256 } },
  },
];

test.each(cases)("follows TRL step by step: $name", async ({ name, overrides }) => {
  const expected = json<Golden>(`${golden}/${name}.json`).steps;
  const { rows } = await trace(config(overrides));
  expect(rows).toHaveLength(40);
  let drift = 0;
  expected.forEach((wanted, i) => {
    const { loss, grad_norm: norm, ...row } = rows[i]!;
    const scale = Math.max(1, wanted.loss);
    expect(Math.abs(loss! - wanted.loss)).toBeLessThan((i === 0 ? 1e-6 : 1e-5) * scale);
    expect(Math.abs(norm! / wanted.grad_norm - 1)).toBeLessThan(i === 0 ? 2e-6 : 1e-4);
    drift += (loss! - wanted.loss) / scale / expected.length;
    if (wanted["rewards/chosen"] === undefined) return;
    expect(Math.abs(row["rewards/chosen"]! - wanted["rewards/chosen"])).toBeLessThan(2e-5);
    expect(Math.abs(row["logps/rejected"]! - wanted["logps/rejected"]!)).toBeLessThan(2e-4);
    expect(row["rewards/accuracies"]).toBe(wanted["rewards/accuracies"]);
  });
  expect(Math.abs(drift)).toBeLessThan(1e-6);
});

test("ends SGD with TRL's weights", async () => {
  const run_ = config({ optimizer: { name: "sgd", learningRate: 0.05, schedule: "constant" } });
  await trace(run_);
  const ours = readSafetensors(join(run_.output, "adapter_model.safetensors"));
  const theirs = readSafetensors(`${golden}/weights/dpo_sigmoid_sgd_final.safetensors`);
  expect(ours.size).toBe(28); // 2 layers × 7 projections × A and B
  for (const [name, { data }] of ours) {
    const wanted = theirs.get(name) ?? theirs.get(name.replace(".weight", ".default.weight"));
    expect(wanted, name).toBeDefined();
    expect(Math.max(...data.map((value, i) => Math.abs(value - wanted!.data[i]!)))).toBeLessThan(1e-6);
  }
});

test.each([
  { file: "tokens_dpo_sigmoid.json", overrides: {} },
  { file: "tokens_sft.json", overrides: cases[3]!.overrides },
])("feeds TRL's token ids and masks: $file", async ({ file, overrides }) => {
  const run_ = config({ ...overrides, maxSteps: 1 });
  const written = join(run_.output, "tokens.json");
  await trace(run_, written);
  expect(json<{ rows: unknown[] }>(written).rows).toEqual(json<{ rows: unknown[] }>(`${golden}/${file}`).rows);
});

test("rows that are tokens already train to the same first loss", async () => {
  const { rows } = await trace(
    config({ data: { tokens: `${golden}/tokens_dpo_sigmoid.json`, order: "sequential" }, maxSteps: 1 }),
  );
  expect(Math.abs(rows[0]!.loss! - json<Golden>(`${golden}/dpo_sigmoid.json`).steps[0]!.loss)).toBeLessThan(1e-6);
});

test("a fresh adapter starts at log 2 with zero rewards, and no tensor is left behind by 300 steps", async () => {
  // three batches over and over: every program is compiled by step 3
  const { rows, alive } = await trace(config({ adapter: { rank: 4, alpha: 8 }, batchSize: 16, maxSteps: 300 }));
  expect(rows[0]!.loss).toBeCloseTo(Math.log(2), 6);
  expect(rows[0]!["rewards/chosen"]).toBeCloseTo(0, 5);
  expect(alive[299]).toEqual(alive[2]);
});

test("the same seed gives the same bits", async () => {
  const shuffled = { data: { train: `${golden}/pairs.jsonl`, maxLength: 256 }, seed: 3, maxSteps: 12 };
  const [first, second] = [config(shuffled), config(shuffled)];
  await trace(first);
  await trace(second);
  const file = (run_: RunConfig) => readFileSync(join(run_.output, "adapter_model.safetensors"));
  expect(file(first).equals(file(second))).toBe(true);
});
