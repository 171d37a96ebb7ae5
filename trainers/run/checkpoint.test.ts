import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { onSmallDisk } from "../../test/small-disk";
import { configOf, trained } from "../../test/stopped-runs";
import { silent } from "./observer";
import type { Resume } from "./restore";
import { run } from "./train";

const golden = "data/golden/trajectories";

test("stopped at any step and resumed, a run repeats the uninterrupted one to the last bit", async () => {
  const whole = configOf();
  const straight = await trained(whole);
  const broken = configOf();
  const first = await trained(broken, [], 5);
  expect(first.finished).toBe(false);
  expect(first.checkpoints[0]!.step).toBe(5); // the abort itself saved
  const second = await trained(broken, first.checkpoints);
  expect(second.finished).toBe(true);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  const adapter = (run_: RunConfig) => readFileSync(join(run_.output, "adapter_model.safetensors"));
  expect(adapter(broken).equals(adapter(whole))).toBe(true);
});

test("a damaged checkpoint is named and passed over for the one before", async () => {
  const broken = configOf();
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
  const run_ = configOf();
  const { checkpoints } = await trained(run_);
  expect(readdirSync(join(run_.output, "checkpoints")).filter((name) => name.startsWith("tmp-"))).toEqual([]);
  const { notes } = await trained(configOf(), [
    { folder: join(run_.output, "checkpoints", "tmp-step-000012-a1"), manifestHash: checkpoints[0]!.manifestHash },
  ]);
  expect(notes.find((note) => note.includes("no manifest.json"))).toBeDefined();
});

test("what a killed attempt had half written is gone once the run goes on", async () => {
  const run_ = configOf({ maxSteps: 4, saveEvery: null });
  const { checkpoints } = await trained(run_, [], 3);
  const halves = [join(run_.output, "checkpoints", "tmp-step-000004-a1"), join(run_.output, "tmp-best")];
  for (const half of halves) mkdirSync(half);
  await trained(run_, checkpoints);
  expect(halves.filter((half) => existsSync(half))).toEqual([]);
});

test("the step with the lowest held-out loss is kept, also over a stop", async () => {
  const run_ = configOf({ evalEvery: 1, data: { train: `${golden}/pairs.jsonl`, heldOut: 0.1, maxLength: 256 } });
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
  const broken = configOf({
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
