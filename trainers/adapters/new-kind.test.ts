// A kind of adapter as somebody would add it: docs/examples/adapter-loha.patch, applied to a copy of the sources, trained, read back, merged.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fewReviews } from "../../test/few-reviews";
import { patchedSources } from "../../test/patched-sources";

const { root, touched, load } = patchedSources("adapter-loha.patch");

test("it takes four files at most: two of its own and a line in each of two tables", () => {
  expect(touched.length).toBeLessThanOrEqual(4);
  expect(touched.filter(({ path }) => !path.includes("loha"))).toEqual([
    { path: "spec/adapters/adapters.ts", plus: 2, minus: 1 }, // an import, and its name in the table
    { path: "trainers/adapters/kinds.ts", plus: 2, minus: 0 },
  ]);
});

test("it trains from a run file, in any way of recomputing, is read back and merged", { tags: "long" }, async () => {
  const { run } = await load<typeof import("../run/train")>("trainers/run/train.ts");
  const { silent } = await load<typeof import("../run/observer")>("trainers/run/observer.ts");
  const { readAdapter } = await load<typeof import("./files")>("trainers/adapters/files.ts");
  const { writeMerged } = await load<typeof import("./merge")>("trainers/adapters/merge.ts");
  const { readModel } = await load<typeof import("../models/load")>("trainers/models/load.ts");
  const { frozenWeights } = await load<typeof import("../models/weights")>("trainers/models/weights.ts");
  const { tokenBatch } = await load<typeof import("../inference/batches")>("trainers/inference/batches.ts");
  const { tokenLogProbs } = await load<typeof import("../inference/policy")>("trainers/inference/policy.ts");
  const { tf } = await load<typeof import("../engine/tensorflow")>("trainers/engine/tensorflow.ts");
  const { runConfig } = await load<typeof import("../../spec/config")>("spec/config.ts");

  const train = async (recompute: string) => {
    const config = runConfig.parse({
      ...{
        method: "sft",
        model: { source: "tiny" },
        output: join(root, recompute),
        adapter: { type: "loha", rank: 4 },
        recompute,
      },
      ...{ data: { train: fewReviews(), maxLength: 64 }, batchSize: 2, maxSteps: 2 },
      optimizer: { learningRate: 0.1, schedule: "constant" },
    });
    await run(config, { observer: silent, signal: new AbortController().signal });
    return config.output;
  };
  const folder = await train("none");
  const peft = JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8"));
  expect(peft).toMatchObject({ peft_type: "LOHA", r: 4, task_type: "CAUSAL_LM" });

  const base = await readModel("tiny");
  const adapter = readAdapter(folder, base.config);
  expect([...adapter.weights.values()].reduce((sum, { size }) => sum + size, 0)).toBe(
    4 * 2 * 4 * (160 + 160 + 80 + 160),
  );
  const recomputed = readAdapter(await train("block"), base.config);
  for (const [name, weight] of adapter.weights) {
    expect(weight.abs().max().dataSync()[0], name).toBeGreaterThan(0.01);
    // attention recomputed rounds otherwise, and AdamW makes as large a step of a gradient that is hardly more than that
    const difference = weight.sub(recomputed.weights.get(name)!).abs();
    expect(difference.mean().dataSync()[0], name).toBeLessThan(1e-5);
    expect(difference.max().dataSync()[0], name).toBeLessThan(5e-3); // of steps of 0.1
  }

  const ids = base.tokenizer.conversation([{ role: "user", content: "Write a short review of the film." }], false);
  const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }]], 0);
  const logProbs = ({ config, host }: typeof base, under: typeof adapter | null) =>
    tokenLogProbs({ config, weights: frozenWeights(config, host, "float32"), recompute: "none" }, under, batch);
  const distance = (a: import("@tensorflow/tfjs").Tensor, b: typeof a) =>
    a.sub(b).mul(batch.mask).abs().max().dataSync()[0];
  const adapted = logProbs(base, adapter);
  expect(distance(adapted, logProbs(base, null))).toBeGreaterThan(1e-2);
  const merged = join(root, "merged");
  writeMerged(merged, base, adapter);
  expect(distance(adapted, logProbs(await readModel(merged), null))).toBeLessThan(1e-5);
  expect(tf.getBackend()).toBe("tensorflow");
});
