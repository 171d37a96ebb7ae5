// Runs that train LoRA on the experts of a mixture: against TRL 1.16.0 (data/golden/families/experts), stopped and resumed, refused.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expertTargets } from "../../spec/adapters/common";
import { lora } from "../../spec/adapters/lora";
import { type RunConfig, runConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { tensorOf, writeFamilyFolder } from "../../test/family-models";
import { configOf as stoppedConfig, trained } from "../../test/stopped-runs";
import { writeAdapter } from "../adapters/files";
import { createAdapter } from "../adapters/kinds";
import { tf } from "../engine/tensorflow";
import { parseModelConfig } from "../models/families";
import { readSafetensors } from "../models/formats/safetensors";
import { silent } from "./observer";
import { run } from "./train";
import { examine } from "./validate-run";

const [golden, pairs] = ["data/golden/families", "data/golden/trajectories/pairs.jsonl"];
const read = (file: string) => JSON.parse(readFileSync(`${golden}/${file}.json`, "utf8"));
const targets = ["q_proj", "k_proj", "v_proj", "o_proj", ...expertTargets];

function modelFolder(family: string): string {
  const folder = join(mkdtempSync(join(tmpdir(), "workbench-experts-")), "model");
  writeFamilyFolder(folder, read(family).config);
  return folder;
}

/** Where the maker's runs start. */
function startFolder(family: string): string {
  const folder = mkdtempSync(join(tmpdir(), "workbench-experts-"));
  const adapter = createAdapter(parseModelConfig(read(family).config), lora.parse({ rank: 4, alpha: 8, targets }), 0);
  const weights = [...adapter.weights].map(
    ([name, { shape }]) => [name, tf.tensor(tensorOf(name, shape, 0.3).data, shape)] as const,
  );
  writeAdapter(folder, { ...adapter, weights: new Map(weights) }, "base");
  return folder;
}

const saved = ({ output }: RunConfig) => readSafetensors(join(output, "adapter_model.safetensors"));

test.each(["qwen3-moe", "olmoe", "mixtral", "granite-moe"])(
  "%s: a run of DPO follows TRL step by step",
  async (family) => {
    const steps = (read(`experts/${family}`) as { dpo: { loss: number; grad_norm: number }[] }).dpo;
    const rows: MetricRow[] = [];
    const config = runConfig.parse({
      method: "dpo",
      model: { source: modelFolder(family), dtype: "float32" },
      adapter: { init: startFolder(family) },
      data: { train: pairs, order: "sequential", maxLength: 256 },
      batchSize: 4,
      maxSteps: steps.length,
      optimizer: { learningRate: 5e-4, schedule: "constant" },
      output: mkdtempSync(join(tmpdir(), "workbench-experts-")),
    });
    const observer = { ...silent, metrics: (row: MetricRow) => void rows.push(row) };
    await run(config, { observer, signal: new AbortController().signal });
    expect(rows).toHaveLength(24);
    steps.forEach(({ loss, grad_norm: norm }, i) => {
      expect(Math.abs(rows[i]!.loss! - loss), `loss at step ${i + 1}`).toBeLessThan(1e-5);
      expect(Math.abs(rows[i]!.grad_norm! / norm - 1), `gradient norm at step ${i + 1}`).toBeLessThan(1e-4);
    });
  },
);

test.each(["none", "block"])(
  "a run that is stopped goes on to the same bits, blocks recomputed: %s",
  async (recompute) => {
    const model = { source: modelFolder("olmoe") };
    const of = () => stoppedConfig({ model, adapter: { rank: 4, alpha: 8, targets }, maxSteps: 5, recompute });
    const [whole, broken] = [of(), of()];
    const straight = await trained(whole);
    expect(straight.losses.get(1)).toBeCloseTo(Math.log(2), 6); // B is 0
    const first = await trained(broken, [], 2);
    const second = await trained(broken, first.checkpoints);
    expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
    expect(saved(broken)).toEqual(saved(whole));
  },
);

const asking = (adapter: object, family = "olmoe") =>
  examine(
    runConfig.parse({
      method: "dpo",
      model: { source: family === "tiny" ? "tiny" : modelFolder(family) },
      adapter,
      data: { train: pairs, maxLength: 256 },
      output: "out",
    }),
    [],
  );

test.each<[object, string, RegExp]>([
  [{ targets, dora: true }, "adapter.dora", /goes with no LoRA on experts; set it back/],
  [{ targets, start: "pissa" }, "adapter.start", /"pissa" goes with no LoRA on experts/],
  [{ targets, dropout: 0.1 }, "adapter.dropout", /0.1 goes with no LoRA on experts/],
  [{ init: startFolder("olmoe"), dropout: 0.1 }, "adapter.init", /adapter.dropout 0.1 .* LoRA on experts; set it to 0/],
])("%o on experts is refused before the run starts", async (adapter, path, message) => {
  const refused = expect(asking(adapter)).rejects;
  await refused.toMatchObject({ path, message: expect.stringMatching(message) });
});

test("experts of a model that has none are refused", async () => {
  const refused = expect(asking({ targets: ["q_proj", "experts.down_proj"] }, "tiny")).rejects;
  await refused.toMatchObject({ path: "adapter.targets", message: expect.stringMatching(/\(llama\) has none; leave/) });
});

test("the memory that a run needs has the experts' matrices", async () => {
  const trainedBytes = async (adapter: object) => (await asking(adapter)).memory!.parts.trained;
  const attention = await trainedBytes({ rank: 4, targets: targets.slice(0, 4) });
  const both = await trainedBytes({ rank: 4, targets });
  const perExpert = 4 * (32 + 2 * 48) + 4 * (48 + 32); // A and B of gate and up, and of down
  // value, gradient, change and AdamW's two, and four on the way (memory.test.ts has them measured); 3 blocks of 5 experts
  expect(both - attention).toBe(4 * (5 + 4) * (3 * 5 * perExpert));
});
