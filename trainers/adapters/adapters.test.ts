import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lora as adapterOptions } from "../../spec/adapters/lora";
import { tf } from "../engine/tensorflow";
import { causal } from "../inference/segments";
import { readSafetensors } from "../models/formats/safetensors";
import { loadModel } from "../models/load";
import { transformer } from "../models/transformer";
import { readAdapter, writeAdapter } from "./files";
import { createAdapter } from "./kinds";

const golden = "data/golden/trajectories";
const source = { source: `${golden}/model`, dtype: "float32" } as const;

test("a PEFT adapter read and written again is the same file content", async () => {
  const { model } = await loadModel(source);
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  writeAdapter(folder, readAdapter(`${golden}/adapter_init`, model.config), "model");
  const tensors = (path: string) =>
    Object.fromEntries([...readSafetensors(join(path, "adapter_model.safetensors"))].sort());
  expect(tensors(folder)).toEqual(tensors(`${golden}/adapter_init`));
  const { r, lora_alpha: alpha } = JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8")) as {
    r: number;
    lora_alpha: number;
  };
  expect([r, alpha]).toEqual([8, 16]);
});

test("a fresh adapter changes nothing; a trained one does", async () => {
  const { model } = await loadModel(source);
  const ids = tf.tensor2d([[1, 5, 9, 200]], [1, 4], "int32");
  const positions = tf.tensor2d([[0, 1, 2, 3]], [1, 4], "int32");
  const hidden = (adapter: Parameters<typeof transformer>[1]) => [
    ...transformer(model, adapter, { ids, positions }, causal(model.config)).dataSync(),
  ];
  const fresh = createAdapter(model.config, adapterOptions.parse({ rank: 4, alpha: 8 }), 0);
  expect(hidden(fresh)).toEqual(hidden(null));
  expect(hidden(readAdapter(`${golden}/adapter_init`, model.config))).not.toEqual(hidden(null));
});

test("a rank-stabilised adapter is scaled by alpha / √rank, and says so in its file as PEFT does", async () => {
  const { model } = await loadModel(source);
  const create = (rankStabilised: boolean) =>
    createAdapter(model.config, adapterOptions.parse({ rank: 16, alpha: 8, rankStabilised, targets: ["q_proj"] }), 0);
  const module = "model.layers.0.self_attn.q_proj";
  const updateOf = ({ tuner, weights }: ReturnType<typeof create>) => {
    const trained = new Map([...weights].map(([name, tensor]) => [name, tf.onesLike(tensor)]));
    const change = tuner.change(trained, module);
    return change && "lowRank" in change && change.lowRank.b.dataSync()[0]; // B of ones, times the scale
  };
  expect([updateOf(create(false)), updateOf(create(true))]).toEqual([8 / 16, 8 / 4]);
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  writeAdapter(folder, create(true), "model");
  expect(JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8"))).toMatchObject({
    ...{ r: 16, lora_alpha: 8, use_rslora: true },
  });
  expect(updateOf(readAdapter(folder, model.config))).toBe(2);
});

test("several adapters share one base in memory, each speaking as if alone", async () => {
  const { model } = await loadModel(source);
  const ids = tf.tensor2d([[1, 5, 9, 200]], [1, 4], "int32");
  const positions = tf.tensor2d([[0, 1, 2, 3]], [1, 4], "int32");
  const hidden = (adapter: Parameters<typeof transformer>[1]) =>
    tf.tidy(() => [...transformer(model, adapter, { ids, positions }, causal(model.config)).dataSync()]);
  const before = tf.memory().numBytes;
  const first = readAdapter(`${golden}/adapter_init`, model.config);
  const alone = hidden(first);
  const second = {
    ...first,
    weights: new Map([...first.weights].map(([name, tensor]) => [name, tensor.mul(2)])),
  };
  const size = (adapter: typeof first) => [...adapter.weights.values()].reduce((sum, { size }) => sum + 4 * size, 0);
  expect(hidden(second)).not.toEqual(alone);
  expect(hidden(first)).toEqual(alone);
  expect(tf.memory().numBytes - before).toBe(size(first) + size(second)); // and nothing of the base again
});

test("an adapter of the package adapters that is not a bottleneck is refused by what it is", async () => {
  const { model } = await loadModel(source);
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  // as adapters 1.3.0 saves LoRAConfig
  const config = { architecture: "lora", selfattn_lora: true, r: 8, alpha: 8 };
  const json = { config, hidden_size: 64, model_type: "llama", name: "low", version: "adapters.1.3.0" };
  writeFileSync(join(folder, "adapter_config.json"), JSON.stringify(json));
  expect(() => readAdapter(folder, model.config)).toThrow(
    /is of the package adapters \(version adapters\.1\.3\.0, lora\), of which only bottleneck adapters are read/,
  );
});

test("an adapter of another model is refused with both shapes", async () => {
  const { model } = await loadModel({ source: "tiny", dtype: "float32" });
  expect(() => readAdapter(`${golden}/adapter_init`, model.config)).toThrow(
    /lora_A.weight should be \[8,160\] for this model and is \[8,64\]/,
  );
});
