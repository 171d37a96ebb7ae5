import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type RunConfig, runConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { onSmallDisk } from "../../test/small-disk";
import { readSafetensors } from "../models/formats/safetensors";
import { silent } from "./observer";
import type { Resume } from "./restore";
import { run } from "./train";

const golden = "data/golden/trajectories";

const config = (overrides: object = {}): RunConfig =>
  runConfig.parse({
    method: "dpo",
    model: { source: `${golden}/model` },
    adapter: { rank: 4, alpha: 8 },
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256 },
    batchSize: 3,
    maxSteps: 9,
    saveEvery: 3,
    optimizer: { learningRate: 1e-3 },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
    ...overrides,
  });

/** Trains, aborting once `stopAfter` steps are done; returns losses by step and the checkpoints, newest first. */
async function trained(
  run_: RunConfig,
  resume: Resume[] = [],
  stopAfter = Number.POSITIVE_INFINITY,
  allowChanged = false,
) {
  const losses = new Map<number, number>();
  const notes: string[] = [];
  const checkpoints: (Resume & { step: number })[] = [];
  const stop = new AbortController();
  const finished = await run(run_, {
    signal: stop.signal,
    resume,
    attempt: resume.length + 1,
    allowChanged,
    observer: {
      ...silent,
      note: (text) => notes.push(text),
      metrics({ step, loss }: MetricRow) {
        losses.set(step, loss!);
        if (step === stopAfter) stop.abort();
      },
      checkpoint: (step, folder, manifestHash) => void checkpoints.unshift({ step, folder, manifestHash }),
    },
  });
  return { finished, losses, notes, checkpoints };
}

test("stopped at any step and resumed, a run repeats the uninterrupted one to the last bit", async () => {
  const whole = config();
  const straight = await trained(whole);
  const broken = config();
  const first = await trained(broken, [], 5);
  expect(first.finished).toBe(false);
  expect(first.checkpoints[0]!.step).toBe(5); // the abort itself saved
  const second = await trained(broken, first.checkpoints);
  expect(second.finished).toBe(true);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  const adapter = (run_: RunConfig) => readFileSync(join(run_.output, "adapter_model.safetensors"));
  expect(adapter(broken).equals(adapter(whole))).toBe(true);
});

test.each(["pissa", "olora"])(
  "a run from the start %s goes on to the same bits; A₀ and B₀ stay as they were",
  async (start) => {
    const adapter = { rank: 4, alpha: 8, start, rankStabilised: start === "olora", rankPattern: { v_proj: 2 } };
    const of = () => config({ adapter, maxSteps: 5, optimizer: { learningRate: 1e-3, weightDecay: 0.1 } });
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
  const of = () => config({ adapter: { rank: 4, alpha: 8, dora: true }, maxSteps: 5, recompute });
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
  ["LoRA", false, "none"],
  ["LoRA", false, "block"],
  ["DoRA", true, "attention"],
])(
  "a %1$s with dropout goes on to the same bits, micro-batch by micro-batch, blocks recomputed as “%3$s”",
  async (_, dora, recompute) => {
    const of = (dropout: number) =>
      config({ adapter: { rank: 4, alpha: 8, dora, dropout }, maxSteps: 5, recompute, microBatchTokens: 64 });
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
  const of = (dropout: number) => config({ adapter: { dropout, init: folder }, reference: "initial", maxSteps: 1 });
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

test("an (IA)³ goes on to the same bits", async () => {
  const of = () => config({ adapter: { type: "ia3" }, maxSteps: 5, optimizer: { learningRate: 0.05 } });
  const [whole, broken] = [of(), of()];
  const straight = await trained(whole);
  const first = await trained(broken, [], 2);
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  expect(straight.losses.get(5)).toBeLessThan(straight.losses.get(1)!);
  const result = ({ output }: RunConfig) => readSafetensors(join(output, "adapter_model.safetensors"));
  expect(result(broken)).toEqual(result(whole));
});

test("a damaged checkpoint is named and passed over for the one before", async () => {
  const broken = config();
  const { checkpoints } = await trained(broken, [], 7);
  expect(checkpoints.map(({ step }) => step)).toEqual([7, 6, 3]);
  const file = join(checkpoints[0]!.folder, "adapter_model.safetensors");
  const bytes = readFileSync(file);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file, bytes);
  const { notes, losses } = await trained(broken, checkpoints);
  expect(notes.find((note) => note.includes("damaged"))).toContain(file);
  expect(notes).toContain("resumed from step 6");
  expect([...losses.keys()]).toEqual([7, 8, 9]);
});

test("an unfinished checkpoint is never taken, and no scratch folder stays", async () => {
  const run_ = config();
  const { checkpoints } = await trained(run_);
  expect(readdirSync(join(run_.output, "checkpoints")).filter((name) => name.startsWith("tmp-"))).toEqual([]);
  const { notes } = await trained(config(), [
    { folder: join(run_.output, "checkpoints", "tmp-step-000012-a1"), manifestHash: checkpoints[0]!.manifestHash },
  ]);
  expect(notes.find((note) => note.includes("no manifest.json"))).toBeDefined();
});

test("what a killed attempt had half written is gone once the run goes on", async () => {
  const run_ = config({ maxSteps: 4, saveEvery: null });
  const { checkpoints } = await trained(run_, [], 3);
  const halves = [join(run_.output, "checkpoints", "tmp-step-000004-a1"), join(run_.output, "tmp-best")];
  for (const half of halves) mkdirSync(half);
  await trained(run_, checkpoints);
  expect(halves.filter((half) => existsSync(half))).toEqual([]);
});

test("the step with the lowest held-out loss is kept, also over a stop", async () => {
  const run_ = config({ evalEvery: 1, data: { train: `${golden}/pairs.jsonl`, heldOut: 0.1, maxLength: 256 } });
  const losses = new Map<number, number>();
  const stop = new AbortController();
  const checkpoints: Resume[] = [];
  const observer = {
    ...silent,
    checkpoint: (_: number, folder: string, manifestHash: string) => void checkpoints.unshift({ folder, manifestHash }),
    metrics(row: MetricRow) {
      if (row.step > 0) losses.set(row.step, row.eval_loss!);
      if (row.step === 5) stop.abort();
    },
  };
  await run(run_, { observer, signal: stop.signal });
  await run(run_, { observer, signal: new AbortController().signal, resume: checkpoints, attempt: 2 });
  const [step, heldOutLoss] = [...losses].reduce((a, b) => (b[1] < a[1] ? b : a));
  const read = (name: string) => JSON.parse(readFileSync(join(run_.output, name), "utf8")) as object;
  expect(read("best.json")).toEqual({ step, heldOutLoss });
  expect(read("best/manifest.json")).toMatchObject({ step });
});

/** A run on copies of its files, stopped after step 3. */
async function stoppedOnCopies() {
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  cpSync(`${golden}/model`, join(folder, "model"), { recursive: true });
  cpSync(`${golden}/adapter_init`, join(folder, "adapter"), { recursive: true });
  cpSync(`${golden}/pairs.jsonl`, join(folder, "pairs.jsonl"));
  const broken = config({
    model: { source: join(folder, "model") },
    adapter: { rank: 8, alpha: 16, init: join(folder, "adapter") },
    data: { train: join(folder, "pairs.jsonl"), maxLength: 256 },
    maxSteps: 4,
    saveEvery: null,
  });
  return { folder, broken, ...(await trained(broken, [], 3)) };
}

test.each([
  ["data.train", "pairs.jsonl"],
  ["model.source", join("model", "model.safetensors")],
  ["model.source", join("model", "tokenizer_config.json")],
  ["adapter.init", join("adapter", "adapter_config.json")],
])("F9: a run does not go on, unless told, when %s has changed since its checkpoint: %s", async (field, name) => {
  const { folder, broken, checkpoints } = await stoppedOnCopies();
  const file = join(folder, name);
  const before = readFileSync(file);
  const changed = name.endsWith("safetensors")
    ? Buffer.concat([before.subarray(0, -1), Buffer.from([before.at(-1)! ^ 1])])
    : Buffer.concat([before, Buffer.from("\n")]);
  writeFileSync(file, changed);
  await expect(trained(broken, checkpoints)).rejects.toThrow(
    new RegExp(`^This run cannot go on as it began: after step 3 ${field} was .*--allow-changed`),
  );
  const told = await trained(broken, checkpoints, undefined, true);
  expect(told.notes).toContainEqual(expect.stringContaining(`goes on although ${field} was`));
  expect([...told.losses.keys()]).toEqual([4]);
  writeFileSync(file, before);
  expect((await trained(broken, checkpoints)).finished).toBe(true);
});

test("F9: a checkpoint of before the hashes goes on, and says that nothing was compared", async () => {
  const { broken, checkpoints } = await stoppedOnCopies();
  const path = join(checkpoints[0]!.folder, "manifest.json");
  const { inputs, ...older } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  expect(Object.keys(inputs as object).sort()).toEqual(["adapter.init", "data.train", "model.source"]);
  const text = JSON.stringify(older, null, 2);
  writeFileSync(path, text);
  const manifestHash = createHash("sha256").update(text).digest("hex");
  const { finished, notes } = await trained(broken, [{ folder: checkpoints[0]!.folder, manifestHash }]);
  expect(finished).toBe(true);
  expect(notes).toContainEqual(expect.stringContaining("does not say which data and weights it was trained on"));
});

test("F4: on a full disk a run waits with its checkpoint; once there is room it is whole, and nothing half-written is beside it", () => {
  const stdout = onSmallDisk(`
    import { readdirSync } from "node:fs";
    import { isWhole } from "./common/checkpoints.ts";
    import { tf } from "./trainers/engine/tensorflow.ts";
    import { loadCheckpoint, noProgress, saveCheckpoint } from "./trainers/run/checkpoint.ts";
    import { createOptimizer } from "./trainers/run/optimizer.ts";
    const trained = (value) => {
      const variables = new Map([["weights", tf.variable(tf.fill([44_000], value))]]); // 176 kB
      const optimizer = Object.assign(createOptimizer({ name: "sgd" }, variables), { step: value === 0 ? 0 : 7 });
      return { adapter: null, companions: () => ({}), base: "none", inputs: {}, progress: noProgress(), variables, optimizer };
    };
    const folder = disk + "/step-000007-a1";
    const hash = saveCheckpoint(folder, 7, trained(0.5));
    const read = trained(0);
    loadCheckpoint(folder, hash, read);
    const weights = new Set(read.variables.get("weights").dataSync());
    console.log(JSON.stringify({ files: readdirSync(disk), whole: isWhole(folder, hash), weights: [...weights], step: read.optimizer.step }));
  `);
  expect(JSON.parse(stdout)).toEqual({ files: ["step-000007-a1"], whole: true, weights: [0.5], step: 7 });
});
