// The whole path (files, template, tokenizer, model, loss, tape, clip, optimiser) against TRL 1.16.0's own training runs.
// Tolerances are those of data/golden/trajectories/README.md.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Alert, alertWords } from "../../spec/alerts";
import { type RunConfig, runConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { fewReviews } from "../../test/few-reviews";
import { nodeBackend } from "../engine/binding";
import { tf } from "../engine/tensorflow";
import { readSafetensors } from "../models/formats/safetensors";
import { silent } from "./observer";
import { run } from "./train";

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

type GoldenStep = { loss: number; grad_norm: number } & Record<string, number>;
interface Golden {
  steps: GoldenStep[];
}

/** Absolute tolerances of the README by metric; what TRL averages over padding (`logits/*` of CPO and ORPO) we do not have. */
const tolerances: [RegExp, number][] = [
  [/^logps\//, 2e-4],
  [/^kl$/, 1e-4],
  [/^rewards\/(chosen|rejected|margins)$/, 2e-5],
  [/^(entropy|nll_loss|log_odds_ratio|log_odds_chosen|margin|mean_reward|min_reward|max_reward)$/, 1e-5],
  [/^logits\//, 1e-6],
  [/^(rewards\/accuracies|accuracy|mean_token_accuracy)$/, 1e-7], // shares of a few rows, kept in float32 there
];

const split = { train: `${golden}/pairs.jsonl`, order: "sequential", heldOut: 0.1, maxLength: 256 };
const pairs = { train: `${golden}/pairs.jsonl`, order: "sequential", maxLength: 256 };
const cases: { name: string; overrides: object; absent?: string[] }[] = [
  { name: "dpo_sigmoid", overrides: {} },
  // TRL averages micro-batches there; ours is the mean over all the step's tokens.
  {
    name: "dpo_sigmoid_ga2",
    overrides: { batchSize: 2, gradientAccumulationSteps: 2 },
    absent: ["entropy", "mean_token_accuracy", "logits/chosen", "logits/rejected"],
  },
  { name: "dpo_sigmoid_sgd", overrides: { optimizer: { name: "sgd", learningRate: 0.05, schedule: "constant" } } },
  { name: "dpo_ipo", overrides: { dpo: { loss: "ipo" } } },
  { name: "aot_unpaired", overrides: { dpo: { loss: "aot_unpaired" } } },
  { name: "simpo", overrides: { method: "simpo" }, absent: ["logits/chosen", "logits/rejected", "nll_loss"] },
  {
    name: "kto",
    overrides: {
      method: "kto",
      data: { ...pairs, train: `${golden}/unpaired.jsonl` },
      kto: { klPartner: "previous-row" },
    },
  },
  {
    name: "reward",
    overrides: {
      method: "reward",
      adapter: { rank: 8, alpha: 16, init: `${golden}/reward_init` },
      reward: { headInit: `${golden}/reward_init` },
    },
  },
  { name: "sft", overrides: { method: "sft", data: { ...pairs, train: `${golden}/sft.jsonl` } } },
];

interface CaseRun {
  rows: MetricRow[];
  /** Its folder, with the rows' tokens in tokens.json. */
  output: string;
}
const caseRuns = new Map<string, Promise<CaseRun>>();

/** A case, run once for all that tests look at in it. */
function caseRun(name: string): Promise<CaseRun> {
  const known = caseRuns.get(name) ?? runCase(name);
  caseRuns.set(name, known);
  return known;
}

async function runCase(name: string): Promise<CaseRun> {
  const run_ = config(cases.find((one) => one.name === name)!.overrides);
  const { rows } = await trace(run_, join(run_.output, "tokens.json"));
  return { rows, output: run_.output };
}

test.each(cases)("follows TRL step by step: $name", async ({ name, absent = [] }) => {
  const { rows } = await caseRun(name);
  expectToFollow(rows, json<Golden>(`${golden}/${name}.json`).steps, absent);
});

// data/golden/make-trajectories.py made these with TRL 1.16.0.
const more = json<{ runs: Record<string, Golden & { run: { reward?: object }; rows: string }> }>(
  `${golden}/more.json`,
).runs;

test.each(Object.keys(more))("follows TRL step by step: %s", async (name) => {
  const { run: overrides, rows: file, steps } = more[name]!;
  const head = name.startsWith("reward") ? `${golden}/reward_init` : null;
  const start = head && {
    adapter: { rank: 8, alpha: 16, init: head },
    reward: { headInit: head, ...overrides.reward },
  };
  const data = { ...pairs, train: `${golden}/${file}` };
  const { rows } = await trace(config({ ...overrides, ...start, data, maxSteps: steps.length }));
  expectToFollow(rows, steps, /cpo|orpo/.test(name) ? ["logits/chosen", "logits/rejected"] : []);
});

test("BCO follows TRL 1.12 step by step", async () => {
  const { steps } = json<Golden>(`${golden}/bco.json`); // data/golden/make-bco.py
  const data = { ...pairs, train: `${golden}/unpaired.jsonl` };
  const { rows } = await trace(config({ method: "kto", data, kto: { lossType: "bco" }, maxSteps: steps.length }));
  expectToFollow(rows, steps, ["logits/chosen", "logits/rejected"]); // which that version sums
  for (const [i, { kl }] of rows.entries()) expect(Math.abs(0.1 * kl! - steps[i]!.delta!)).toBeLessThan(1e-5);
});

// data/golden/make-qlora.py: TRL over bitsandbytes' own 4-bit linear layers, computing in float32.
const quantised = json<{ runs: (Golden & Record<"method" | "quantisation" | "rows", string>)[] }>(
  `${golden}/qlora.json`,
).runs;

test.each(quantised)("QLoRA follows TRL step by step: $method over $quantisation", async ({ steps, ...given }) => {
  const model = { source: `${golden}/model`, quantisation: given.quantisation };
  const data = { ...pairs, train: `${golden}/${given.rows}` };
  const { rows } = await trace(config({ method: given.method, model, data, maxSteps: steps.length }));
  expectToFollow(rows, steps, []);
});

test("a ranking of two answers is DPO: follows TRL step by step", async () => {
  const { rows } = await trace(config({ method: "listwise" }));
  const missing = ["mean_token_accuracy", "logits/chosen", "logits/rejected"];
  expectToFollow(rows, json<Golden>(`${golden}/dpo_sigmoid.json`).steps, missing);
});

function expectToFollow(rows: MetricRow[], expected: GoldenStep[], absent: string[]): void {
  expect(rows).toHaveLength(expected.length);
  let drift = 0;
  expected.forEach(({ loss: theirs, grad_norm: norm, ...wanted }, i) => {
    const row = rows[i]! as Record<string, number>;
    const scale = Math.max(1, theirs);
    expect(Math.abs(row.loss! - theirs)).toBeLessThan((i === 0 ? 1e-6 : 1e-5) * scale);
    expect(Math.abs(row.grad_norm! / norm - 1)).toBeLessThan(i === 0 ? 2e-6 : 1e-4);
    drift += (row.loss! - theirs) / scale / expected.length;
    for (const [metric, value] of Object.entries(wanted)) {
      const tolerance = tolerances.find(([pattern]) => pattern.test(metric))?.[1];
      if (tolerance === undefined || absent.includes(metric)) continue;
      expect(Math.abs(row[metric]! - value), `${metric} of step ${i + 1}`).toBeLessThanOrEqual(tolerance);
    }
  });
  expect(Math.abs(drift)).toBeLessThan(1e-6);
}

const likely = { loss: ["sigmoid", "bco_pair", "sft"], lossWeights: [0.8, 0.2, 1] };
test.each([
  { method: "dpo", dpo: likely },
  { method: "listwise" },
  { method: "simpo", simpo: { sftWeight: 0.5 } },
  { method: "cpo" },
  { method: "orpo" },
  { method: "reward", reward: { centerRewardsCoefficient: 0.01, headInit: `${golden}/reward_init` } },
  { method: "sft" },
  { method: "kto", kto: { loss: "apo_zero_unpaired" } }, // KTO's reference point belongs to a batch
])("eight rows at once, one by one and in micro-batches give the same step: $method", async (method) => {
  const ways = [
    { batchSize: 8 },
    { batchSize: 1, gradientAccumulationSteps: 8 },
    { batchSize: 8, microBatchTokens: 100 },
  ];
  const steps: MetricRow[] = [];
  for (const way of ways) steps.push((await trace(config({ ...method, ...way, maxSteps: 1 }))).rows[0]!);
  const [whole, ...parts] = steps;
  const measured = (Object.keys(whole!) as (keyof MetricRow)[]).filter(
    (name) => !/second|elapsed|memory|^step$/.test(name),
  );
  for (const part of parts)
    for (const name of measured)
      expect(Math.abs(part[name]! - whole![name]!), name).toBeLessThan(2e-6 * Math.max(1, Math.abs(whole![name]!)));
});

test("ends SGD with TRL's weights", async () => {
  const { output } = await caseRun("dpo_sigmoid_sgd");
  const ours = readSafetensors(join(output, "adapter_model.safetensors"));
  const theirs = readSafetensors(`${golden}/weights/dpo_sigmoid_sgd_final.safetensors`);
  expect(ours.size).toBe(28); // 2 layers × 7 projections × A and B
  for (const [name, { data }] of ours) {
    const wanted = theirs.get(name) ?? theirs.get(name.replace(".weight", ".default.weight"));
    expect(wanted, name).toBeDefined();
    expect(Math.max(...data.map((value, i) => Math.abs(value - wanted!.data[i]!)))).toBeLessThan(1e-6);
  }
});

test.each([null, 0])(
  "W2: with maxGradNorm %j the first step goes along TRL's gradient in its whole length",
  async (maxGradNorm) => {
    const learningRate = 0.05;
    const optimizer = { name: "sgd", learningRate, schedule: "constant", maxGradNorm };
    const run_ = config({ optimizer, maxSteps: 1 });
    const { rows } = await trace(run_);
    const [{ grad_norm: norm }] = json<{ steps: [GoldenStep] }>(`${golden}/dpo_sigmoid_sgd.json`).steps;
    expect(norm).toBeGreaterThan(1); // so that TRL clipped to 1 what it wrote down
    expect(Math.abs(rows[0]!.grad_norm! / norm - 1)).toBeLessThan(2e-6);
    const [ours, start, clipped] = [
      join(run_.output, "adapter_model.safetensors"),
      `${golden}/adapter_init/adapter_model.safetensors`,
      `${golden}/weights/dpo_sigmoid_sgd_grad_step1_clipped.safetensors`,
    ].map((path) => readSafetensors(path)) as [Weights, Weights, Weights];
    for (const [name, { data }] of ours) {
      const [from, gradient] = [start, clipped].map((file) => file.get(name)!.data);
      const wanted = data.map((_, i) => from![i]! - learningRate * (norm + 1e-6) * gradient![i]!); // clip_grad_norm_ took max / (norm + 1e-6)
      expect(Math.max(...data.map((value, i) => Math.abs(value - wanted[i]!))), name).toBeLessThan(1e-6);
    }
  },
);
type Weights = ReturnType<typeof readSafetensors>;

test.each(["dpo_sigmoid", "simpo", "kto", "reward", "sft"])("feeds TRL's token ids and masks: %s", async (name) => {
  const { output } = await caseRun(name);
  expect(json<{ rows: unknown[] }>(join(output, "tokens.json")).rows).toEqual(
    json<{ rows: unknown[] }>(`${golden}/tokens_${name}.json`).rows,
  );
});

test.each(["dpo_sigmoid", "simpo", "kto", "reward"])(
  "rows that are tokens already give the same first loss: %s",
  async (name) => {
    const { overrides } = cases.find((one) => one.name === name)!;
    const data = { tokens: `${golden}/tokens_${name}.json`, order: "sequential" };
    const { rows } = await trace(config({ ...overrides, data, maxSteps: 1 }));
    expect(Math.abs(rows[0]!.loss! - json<Golden>(`${golden}/${name}.json`).steps[0]!.loss)).toBeLessThan(1e-6);
  },
);

test("a fresh adapter starts at log 2 with zero rewards, and no tensor is left behind by 300 steps", async () => {
  // two batches over and over: every program is compiled by step 2
  const few = { data: { ...pairs, train: `${golden}/strings.jsonl` }, batchSize: 2, maxSteps: 300 };
  const { rows, alive } = await trace(config({ adapter: { rank: 4, alpha: 8 }, ...few }));
  expect(rows[0]!.loss).toBeCloseTo(Math.log(2), 6);
  expect(rows[0]!["rewards/chosen"]).toBeCloseTo(0, 5);
  expect(alive[299]).toEqual(alive[2]);
});

test("a run says what it checked", async () => {
  const checks: string[] = [];
  const observer = { ...silent, checked: ({ name }: { name: string }) => void checks.push(name) };
  const fresh = config({ adapter: { rank: 4, alpha: 8 }, maxSteps: 2 });
  await run(fresh, { observer, signal: new AbortController().signal });
  expect(checks).toEqual(["masks", "padding", "adapter", "start", "reference", "finite"]);
});

test("a reward model keeps its head, and the scale of its scores on held-out answers", async () => {
  const run_ = config({ method: "reward", adapter: { rank: 4, alpha: 8 }, data: split, maxSteps: 3, evalEvery: 3 });
  const { rows } = await trace(run_);
  const { mean, deviation, answers } = json<Record<string, number>>(join(run_.output, "reward.json"));
  expect(mean).toBeCloseTo(rows.at(-1)!.eval_mean_reward!, 5);
  expect(deviation).toBeGreaterThan(0);
  expect(answers! % 2).toBe(0); // both answers of each held-out pair
  const saved = readSafetensors(join(run_.output, "adapter_model.safetensors"));
  expect(saved.get("base_model.model.score.weight")?.shape).toEqual([1, 64]);
  const peft = json<{ task_type: string; modules_to_save: string[] }>(join(run_.output, "adapter_config.json"));
  expect(peft).toMatchObject({ task_type: "SEQ_CLS", modules_to_save: ["score"] });
});

test("held-out numbers come with their spread and calibration", async () => {
  const { rows } = await trace(
    config({ method: "reward", adapter: { rank: 4, alpha: 8 }, data: split, batchSize: 8, maxSteps: 2, evalEvery: 2 }),
  );
  const last = rows.at(-1)! as Record<string, number>;
  const buckets = ["50", "60", "70", "80", "90"].filter((name) => last[`eval_calibration_pairs/${name}`] !== undefined);
  const pairs = buckets.map((name) => last[`eval_calibration_pairs/${name}`]!);
  const n = pairs.reduce((a, b) => a + b, 0);
  const weighted = (part: string) =>
    buckets.reduce((sum, name, i) => sum + pairs[i]! * last[`eval_${part}/${name}`]!, 0) / n;
  expect(weighted("calibration")).toBeCloseTo(last.eval_accuracy!, 6); // the buckets are all the pairs
  for (const name of buckets) {
    expect(last[`eval_confidence/${name}`]!).toBeGreaterThanOrEqual(Number(name) / 100 - 1e-6);
    expect(last[`eval_confidence/${name}`]!).toBeLessThanOrEqual(Number(name) / 100 + 0.1 + 1e-6);
  }
  expect(last["eval_calibration/error"]!).toBeGreaterThanOrEqual(
    Math.abs(weighted("calibration") - weighted("confidence")) - 1e-6,
  );
  expect(last.eval_loss_se!).toBeGreaterThan(0);
  expect(rows[1]).not.toHaveProperty("calibration/50"); // training batches are not asked
});

test("pre-training starts from random weights: the loss of a guess among all tokens", async () => {
  const texts = Array.from({ length: 8 }, (_, i) => JSON.stringify({ text: `The ${i}th film was long and quiet.` }));
  const file = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "texts.jsonl");
  writeFileSync(file, texts.join("\n"));
  const pretrain = { method: "sft", adapter: null, data: { train: file }, model: { source: "tiny" }, maxSteps: 20 };
  const { rows } = await trace(config({ ...pretrain, sft: { fromScratch: true }, batchSize: 8 }));
  const { vocab_size: tokens } = json<{ vocab_size: number }>("data/tiny/config.json");
  expect(Math.abs(rows[0]!.loss! - Math.log(tokens))).toBeLessThan(0.2);
  expect(rows.at(-1)!.loss!).toBeLessThan(rows[0]!.loss! - 1);
});

test("the same seed gives the same bits", async () => {
  const shuffled = { data: { train: `${golden}/pairs.jsonl`, maxLength: 256 }, seed: 3, maxSteps: 12 };
  const [first, second] = [config(shuffled), config(shuffled)];
  await trace(first);
  await trace(second);
  const file = (run_: RunConfig) => readFileSync(join(run_.output, "adapter_model.safetensors"));
  expect(file(first).equals(file(second))).toBe(true);
});

test("labels as sure as their column says: certain ones train as plain DPO does, even odds teach nothing", async () => {
  const file = (confidence: number) => {
    const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "pairs.jsonl");
    const rows = readFileSync(`${golden}/pairs.jsonl`, "utf8").trim().split("\n");
    writeFileSync(path, rows.map((row) => JSON.stringify({ ...JSON.parse(row), p_chosen: confidence })).join("\n"));
    return { ...pairs, train: path };
  };
  const soft = { loss: "cdpo", confidenceColumn: "p_chosen" };
  const losses = async (overrides: object) => (await trace(config({ maxSteps: 4, ...overrides }))).rows;
  const [plain, certain, even] = [
    await losses({}),
    await losses({ data: file(1), dpo: soft }),
    // a fresh adapter: no margin to begin with but rounding, which SGD does not enlarge as AdamW does
    await losses({
      data: file(0.5),
      dpo: soft,
      adapter: { rank: 8, alpha: 16 },
      optimizer: { name: "sgd", learningRate: 0.02 },
    }),
  ];
  for (const [i, { loss }] of certain.entries()) expect(loss).toBeCloseTo(plain[i]!.loss!, 6);
  for (const [i, { loss, grad_norm }] of even.entries()) {
    expect(loss).toBeCloseTo(Math.log(2), 6);
    expect(grad_norm! / plain[i]!.grad_norm!).toBeLessThan(1e-6);
  }
  await expect(losses({ data: file(1.5), dpo: soft })).rejects.toThrow("p_chosen is 1.5, and should be a probability");
});

test("a run that is to stop on an alert saves, says why and does not end as finished", async () => {
  const alerts: Alert[] = [];
  const saved: number[] = [];
  const reckless = config({
    model: { source: "tiny" },
    adapter: { rank: 8, alpha: 16 },
    data: { train: fewReviews(512), heldOut: 0.1, maxLength: 64 },
    optimizer: { learningRate: 0.05, schedule: "constant" },
    sampleEvery: 2,
    samplePrompts: 4,
    sampleLength: 16,
    stopOnAlert: true,
  });
  const observer = {
    ...silent,
    alert: (alert: Alert) => void alerts.push(alert),
    checkpoint: (step: number) => void saved.push(step),
  };
  expect(await run(reckless, { observer, signal: new AbortController().signal })).toBe(false);
  expect(alerts.map(alertWords)).toContainEqual(
    expect.stringMatching(/^alert at step \d+: far from the reference \(KL of/),
  );
  expect(saved.at(-1)).toBeLessThan(40);
});
