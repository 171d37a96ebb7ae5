// A kind of adapter as somebody would add it: docs/examples/adapter-ia3.patch, applied to a copy of the sources, trained, read back, merged.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, expect, test } from "vitest";

const patch = resolve("docs/examples/adapter-ia3.patch");
const copy = realpathSync(mkdtempSync(join(tmpdir(), "workbench-test-")));
const git = (...args: string[]) => execFileSync("git", ["apply", ...args, patch], { cwd: copy, encoding: "utf8" });

/** A module of the patched copy: only from there, so that no other instance of the engine is at work. */
const load = <Module>(path: string) => import(join(copy, "trainers", path)) as Promise<Module>;

beforeAll(() => {
  for (const folder of ["spec", "common", "trainers"])
    cpSync(folder, join(copy, folder), { recursive: true, filter: (source) => !source.endsWith(".test.ts") });
  for (const name of ["node_modules", "data", "scripts", "package.json", "tsconfig.json"])
    symlinkSync(resolve(name), join(copy, name));
  git();
});

test("it takes four files at most: two of its own and a line in each of two tables", () => {
  const touched = git("--numstat").trim().split("\n");
  expect(touched.length).toBeLessThanOrEqual(4);
  const added = touched
    .map((line) => line.split("\t"))
    .map(([plus, minus, path]) => [path, Number(plus), Number(minus)]);
  expect(added.filter(([, , minus]) => Number(minus) > 0)).toEqual([
    ["spec/adapters/adapters.ts", 2, 1], // an import, and its name in the table
    ["trainers/adapters/kinds.ts", 2, 1],
  ]);
});

test("it trains from a run file, in any way of recomputing, is read back and merged", async () => {
  const { run } = await load<typeof import("../run/train")>("run/train.ts");
  const { silent } = await load<typeof import("../run/observer")>("run/observer.ts");
  const { readAdapter } = await load<typeof import("./files")>("adapters/files.ts");
  const { writeMerged } = await load<typeof import("./merge")>("adapters/merge.ts");
  const { readModel } = await load<typeof import("../models/load")>("models/load.ts");
  const { frozenWeights } = await load<typeof import("../models/weights")>("models/weights.ts");
  const { tokenBatch } = await load<typeof import("../inference/batches")>("inference/batches.ts");
  const { tokenLogProbs } = await load<typeof import("../inference/policy")>("inference/policy.ts");
  const { tf } = await load<typeof import("../engine/tensorflow")>("engine/tensorflow.ts");
  const { runConfig } = (await import(join(copy, "spec/config.ts"))) as typeof import("../../spec/config");

  const train = async (recompute: string) => {
    const config = runConfig.parse({
      ...{
        method: "sft",
        model: { source: "tiny" },
        output: join(copy, recompute),
        adapter: { type: "ia3" },
        recompute,
      },
      ...{ data: { train: "data/samples/film-reviews.jsonl.gz", maxLength: 64 }, batchSize: 2, maxSteps: 2 },
      optimizer: { learningRate: 0.1, schedule: "constant" },
    });
    await run(config, { observer: silent, signal: new AbortController().signal });
    return config.output;
  };
  const folder = await train("none");
  const peft = JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8"));
  expect(peft).toMatchObject({ peft_type: "IA3", feedforward_modules: ["down_proj"], task_type: "CAUSAL_LM" });

  const base = await readModel("tiny");
  const adapter = readAdapter(folder, base.config);
  expect([...adapter.weights.values()].reduce((sum, { size }) => sum + size, 0)).toBe(4 * (80 + 80 + 448));
  const recomputed = readAdapter(await train("block"), base.config);
  for (const [name, weight] of adapter.weights) {
    expect(weight.sub(1).abs().max().dataSync()[0], name).toBeGreaterThan(0.01);
    expect(weight.sub(recomputed.weights.get(name)!).abs().max().dataSync()[0], name).toBeLessThan(1e-4);
  }

  const ids = base.tokenizer.conversation([{ role: "user", content: "Write a short review of the film." }], false);
  const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }]], 0);
  const logProbs = ({ config, host }: typeof base, under: typeof adapter | null) =>
    tokenLogProbs({ config, weights: frozenWeights(config, host, "float32"), recompute: "none" }, under, batch);
  const distance = (a: import("@tensorflow/tfjs").Tensor, b: typeof a) =>
    a.sub(b).mul(batch.mask).abs().max().dataSync()[0];
  const adapted = logProbs(base, adapter);
  expect(distance(adapted, logProbs(base, null))).toBeGreaterThan(1e-2);
  const merged = join(copy, "merged");
  writeMerged(merged, base, adapter);
  expect(distance(adapted, logProbs(await readModel(merged), null))).toBeLessThan(1e-5);
  expect(tf.getBackend()).toBe("tensorflow");
}, 300_000);
