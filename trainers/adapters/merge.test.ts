// One adapter, worked into its model in each of the ways that leave this program.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adapter as adapterOptions } from "../../spec/adapters/adapters";
import type { Adapter } from "../engine/adapter";
import { tf } from "../engine/tensorflow";
import { tokenBatch } from "../inference/batches";
import { tokenLogProbs } from "../inference/policy";
import { editedFolder } from "../models/edited-folder";
import { writeGguf } from "../models/formats/gguf-write";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { readSafetensors, writeSafetensors } from "../models/formats/safetensors";
import { readModel } from "../models/load";
import type { Model } from "../models/model";
import { frozenWeights } from "../models/weights";
import { readAdapter } from "./files";
import { createAdapter } from "./kinds";
import { mergedFiles, writeMerged } from "./merge";

const golden = "data/golden/trajectories";
const base = await readModel(`${golden}/model`);
const adapter = readAdapter(`${golden}/adapter_init`, base.config);
const messages = [
  { role: "user", content: "Name a yellow fruit." },
  { role: "assistant", content: "A ripe banana is yellow." },
];
const ids = base.tokenizer.conversation(messages, false);
const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }]], 0);

function say(files: LoadedFiles, adapter_: Adapter | null): tf.Tensor {
  const weights = frozenWeights(files.config, files.host, "float32");
  const model: Model = { config: files.config, weights, recompute: "none" };
  return tf.tidy(() => tokenLogProbs(model, adapter_, batch).mul(batch.mask));
}
const distance = (a: tf.Tensor, b: tf.Tensor) => a.sub(b).abs().max().dataSync()[0]!;
const apart = say(base, adapter);

test("the adapter does say something else than the base", () => {
  expect(distance(apart, say(base, null))).toBeGreaterThan(1e-3);
});

test.each([
  ["a folder", 1e-5, "merged", (path: string) => writeMerged(path, base, adapter)],
  ["a folder in float16", 2e-3, "merged", (path: string) => writeMerged(path, base, adapter, "float16")],
  ["a folder in bfloat16", 2e-2, "merged", (path: string) => writeMerged(path, base, adapter, "bfloat16")],
  [
    "GGUF, half precision",
    2e-3,
    "model.gguf",
    (path: string) => writeGguf(path, "test", mergedFiles(base, adapter), "F16"),
  ],
  ["GGUF, 8 bits", 5e-2, "model.gguf", (path: string) => writeGguf(path, "test", mergedFiles(base, adapter), "Q8_0")],
  [
    "GGUF, K types",
    2e-1,
    "model.gguf",
    (path: string) => {
      // Its rows are narrower than blocks of 256: llama.cpp takes these.
      const instead = new Set(writeGguf(path, "test", mergedFiles(base, adapter), "Q5_K_M"));
      expect([...instead].sort()).toEqual(["Q5_1", "Q8_0"]);
    },
  ],
])("%s says what base and adapter say, and reads the same text", async (_, tolerance, name, write) => {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), name);
  write(path);
  const merged = await readModel(path);
  expect(merged.tokenizer.conversation(messages, false)).toEqual(ids);
  expect(distance(say(merged, null), apart)).toBeLessThan(tolerance);
});

test("C15: a merged folder keeps every file beside the weights, with every end token, and says float32", async () => {
  const beside = {
    "generation_config.json": { eos_token_id: [2, 136], temperature: 0.6 },
    "special_tokens_map.json": { eos_token: "<|im_end|>" },
    "chat_template.jinja": "{{ messages[0].content }}",
    LICENSE: "as you like",
  };
  const model = await readModel(editedFolder(`${golden}/model`, beside));
  const folder = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "merged");
  writeMerged(folder, model, adapter);
  for (const [name, content] of Object.entries(beside)) {
    const text = readFileSync(join(folder, name), "utf8");
    expect(typeof content === "string" ? text : JSON.parse(text), name).toEqual(content);
  }
  expect([...(await readModel(folder)).tokenizer.ends]).toEqual([2, 136]);
  expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8"))).toMatchObject({ dtype: "float32" });
});

test("C15, M1: a model that is tied by its config and has a head of its own is merged with that head, and no longer called tied", async () => {
  const copy = editedFolder(`${golden}/model`, {});
  const tensors = readSafetensors(join(copy, "model.safetensors"));
  const { shape, data } = tensors.get("model.embed_tokens.weight")!;
  tensors.set("lm_head.weight", { shape, data: data.map((value) => -value) });
  writeSafetensors(join(copy, "model.safetensors"), tensors);
  const model = await readModel(copy);
  const folder = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "merged");
  writeMerged(folder, model, adapter);
  expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8"))).toMatchObject({ tie_word_embeddings: false });
  expect(distance(say(await readModel(folder), null), say(model, adapter))).toBeLessThan(1e-5);
});

test("an output head that was trained over tied embeddings leaves in folders and GGUF files beside them", async () => {
  const options = adapterOptions.parse({ rank: 4, modulesToSave: ["lm_head"] });
  const fresh = createAdapter(base.config, options, 0, frozenWeights(base.config, base.host, "float32"));
  const trained = new Map([...fresh.weights].map(([name, one]) => [name, name === "lm_head.weight" ? one.neg() : one]));
  const withHead = { ...fresh, weights: trained };
  const says = say(base, withHead);
  expect(distance(says, say(base, null))).toBeGreaterThan(0.1);
  const out = mkdtempSync(join(tmpdir(), "workbench-test-"));
  const [folder, file] = [join(out, "merged"), join(out, "model.gguf")];
  writeMerged(folder, base, withHead);
  writeGguf(file, "test", mergedFiles(base, withHead), "F16");
  const tolerances: [string, number][] = [
    [folder, 1e-5],
    [file, 2e-3],
  ];
  for (const [path, tolerance] of tolerances) {
    const merged = await readModel(path);
    expect(distance(say(merged, null), says), path).toBeLessThan(tolerance);
    expect(merged.config.tiedEmbeddings, path).toBe(false);
  }
});

test("of a tied head the embeddings are read, and of a name that no weight has nothing", () => {
  const { get } = mergedFiles(base, adapter).host;
  expect(get("lm_head.weight")).toEqual(get("model.embed_tokens.weight"));
  for (const none of ["model.layers.99.mlp.up_proj.weight", "model.layers.0.self_attn.q_proj.bias"])
    expect(get(none), none).toBeUndefined();
});
