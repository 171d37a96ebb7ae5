// Folders in Hugging Face layout: what Transformers 5.23 computes from them (data/golden/models/make-models.py), or a refusal by name.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tf } from "../engine/tensorflow";
import { tokenBatch } from "../inference/batches";
import { tokenLogProbs } from "../inference/policy";
import { editedFolder } from "./edited-folder";
import { parseModelConfig } from "./families";
import type { LoadedFiles } from "./formats/loaded-files";
import { type HostTensor, readSafetensors, writeSafetensors } from "./formats/safetensors";
import { readModel } from "./load";
import { frozenWeights } from "./weights";

const { ids, cases } = JSON.parse(readFileSync("data/golden/models/models.json", "utf8")) as {
  ids: number[];
  cases: Record<string, { edits: Record<string, unknown> & { head?: "own" | "same" | "alone" }; loss: number }>;
};
const source = "data/golden/adapters/model";
const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }]], 0);
const [embedding, head] = ["model.embed_tokens.weight", "lm_head.weight"];

/** Null in an edit takes the field away. */
const withConfig = (edits: Record<string, unknown>) =>
  editedFolder(source, {
    "config.json": Object.fromEntries(Object.entries(edits).map(([name, value]) => [name, value ?? undefined])),
  });
function rewrite(folder: string, change: (tensors: Map<string, HostTensor>) => void): string {
  const path = `${folder}/model.safetensors`;
  const tensors = readSafetensors(path);
  change(tensors);
  writeSafetensors(path, tensors);
  return folder;
}
function lossOf({ config, host }: LoadedFiles): number {
  const model = { config, weights: frozenWeights(config, host, "float32"), recompute: "none" } as const;
  return tf.tidy(() => -tokenLogProbs(model, null, batch).mul(batch.mask).sum().dataSync()[0]! / (ids.length - 1));
}

test.each(Object.keys(cases))("C1, M1, M2: a model's loss is Transformers': %s", async (name) => {
  const { edits, loss } = cases[name]!;
  const { head: kind, ...config } = edits;
  const folder = rewrite(withConfig(config), (tensors) => {
    const { shape, data } = tensors.get(embedding)!;
    if (kind === "own") tensors.set(head, { shape, data: data.map((value, i) => value * (1 + (i % 7) / 4)) });
    if (kind === "same" || kind === "alone") tensors.set(head, { shape, data });
    if (kind === "alone") tensors.delete(embedding);
  });
  expect(Math.abs(lossOf(await readModel(folder)) - loss)).toBeLessThan(1e-5);
});

const proportional = { rope_type: "proportional", factor: 4 };
test.each<[string, Record<string, unknown>, RegExp]>([
  ["another family", { model_type: "rwkv" }, /model_type "rwkv"; supported are "llama", "qwen2", .* and "bloom"/],
  ["another activation", { hidden_act: "relu2" }, /hidden_act "relu2"; supported are silu, relu, gelu/],
  ["RoPE of another kind", { rope_scaling: proportional }, /RoPE scaling "proportional"/],
  [
    "RoPE of another kind, new form",
    { rope_parameters: { ...proportional, rope_theta: 1e4 } },
    /RoPE scaling "proportional"/,
  ],
  ["dynamic RoPE without its factor", { rope_scaling: { type: "dynamic" } }, /RoPE scaling "dynamic"/],
  ["linear RoPE without its factor", { rope_scaling: { type: "linear" } }, /RoPE scaling "linear"/],
  ["a field of RoPE's", { rope_parameters: { rope_type: "default", mscale: 2 } }, /RoPE's mscale/],
  ["RoPE by kind of layer", { rope_parameters: { full_attention: { rope_theta: 1e4 } } }, /RoPE's full_attention/],
  [
    "a part of each head turned",
    { partial_rotary_factor: 0.5 },
    /2 of 4 dimensions of a head turned \(partial_rotary_factor\), which llama models are not/,
  ],
  ["biases in the MLP", { mlp_bias: true }, /mlp_bias/],
  ["a sliding window", { use_sliding_window: true }, /use_sliding_window true is not supported/],
  ["a sliding window by layer", { layer_types: ["full_attention", "sliding_attention"] }, /"sliding_attention"/],
  ["a quantised folder", { quantization_config: { quant_method: "hqq" } }, /quantization_config/],
  ["scaled logits", { logit_scale: 0.5 }, /logit_scale 0.5 is not supported; supported is 1/],
  ["another scale of attention", { attention_multiplier: 0.01 }, /attention_multiplier 0.01 is not supported/],
  ["soft caps", { final_logit_softcapping: 30 }, /final_logit_softcapping 30 is not supported/],
  ["a field of tomorrow", { qk_norm: "l2" }, /qk_norm "l2" is not known here/],
  ["sizes in words", { hidden_size: "16" }, /hidden_size: found "16"/],
  ["no size", { hidden_size: undefined }, /hidden_size: it is missing/],
])("C1, M2, M4: a config.json that asks for %s is refused by the field's name", async (_, edits, message) => {
  const folder = withConfig(edits);
  await expect(readModel(folder)).rejects.toThrow(message);
  await expect(readModel(folder)).rejects.toThrow(`${folder}/config.json`);
});

test("M4: fields that change nothing are read past", async () => {
  const edits = {
    pretraining_tp: 4,
    sliding_window: 8,
    logit_scale: 1,
    tomorrow: null,
    use_tomorrow: false,
    dtype: "bfloat16",
  };
  expect(lossOf(await readModel(withConfig(edits)))).toBeCloseTo(cases["as it is"]!.loss, 5);
});

test("M4: a tensor that the config has no place for, one that is missing and one of another shape are named", async () => {
  const changed = (change: (tensors: Map<string, HostTensor>) => void) => readModel(rewrite(withConfig({}), change));
  const vector = { shape: [16], data: new Float32Array(16) };
  await expect(changed((tensors) => tensors.set("model.layers.0.self_attn.q_norm.weight", vector))).rejects.toThrow(
    /holds 1 tensor .*first model\.layers\.0\.self_attn\.q_norm\.weight/,
  );
  await expect(changed((tensors) => tensors.set("model.layers.0.self_attn.q_proj.bias", vector))).rejects.toThrow(
    /holds 1 tensor .*q_proj\.bias/,
  );
  await expect(changed((tensors) => tensors.delete("model.layers.2.mlp.up_proj.weight"))).rejects.toThrow(
    /lacks 1 tensor .*first model\.layers\.2\.mlp\.up_proj\.weight/,
  );
  await expect(changed((tensors) => tensors.set("model.norm.weight", { ...vector, shape: [4, 4] }))).rejects.toThrow(
    /model\.norm\.weight should be \[16\] by its config and is \[4,4\]/,
  );
  const inverse = { shape: [2], data: new Float32Array(2) };
  const old = await changed((tensors) => tensors.set("model.layers.0.self_attn.rotary_emb.inv_freq", inverse));
  expect(lossOf(old)).toBeCloseTo(cases["as it is"]!.loss, 5);
});

/** The model in two parts with their index. */
function sharded(): { folder: string; map: Record<string, string>; index(map: Record<string, string>): void } {
  const folder = withConfig({});
  const tensors = [...readSafetensors(`${folder}/model.safetensors`)];
  rmSync(`${folder}/model.safetensors`);
  const parts = [tensors.slice(0, 10), tensors.slice(10)];
  const names = parts.map((_, i) => `model-0000${i + 1}-of-00002.safetensors`);
  for (const [i, part] of parts.entries()) writeSafetensors(`${folder}/${names[i]}`, new Map(part));
  const map = Object.fromEntries(parts.flatMap((part, i) => part.map(([name]) => [name, names[i]!])));
  const index = (map: Record<string, string>) =>
    writeFileSync(`${folder}/model.safetensors.index.json`, JSON.stringify({ metadata: {}, weight_map: map }));
  index(map);
  return { folder, map, index };
}

test("C14, DB: a model in several safetensors files is read by its index", async () => {
  const { folder } = sharded();
  const whole = await readModel(source);
  const files = await readModel(folder);
  expect(lossOf(files)).toBe(lossOf(whole));
  const before = files.contentHash();
  copyFileSync(`${folder}/model-00001-of-00002.safetensors`, `${folder}/kept`);
  const path = `${folder}/model-00002-of-00002.safetensors`;
  const tensors = readSafetensors(path);
  tensors.get("model.norm.weight")!.data[0] = 7;
  writeSafetensors(path, tensors);
  expect((await readModel(folder)).contentHash()).not.toBe(before);
});

test("C14, DB: what is wrong with an index is named: a part that is not there, a tensor that its part lacks or that nobody names", async () => {
  const { folder, map, index } = sharded();
  const norm = "model.norm.weight";
  index({ ...map, [norm]: "model-00003-of-00002.safetensors" });
  await expect(readModel(folder)).rejects.toThrow(/names model-00003-of-00002\.safetensors, which is not there/);
  index({ ...map, [norm]: "model-00001-of-00002.safetensors" });
  await expect(readModel(folder)).rejects.toThrow(/model-00001-of-00002\.safetensors lacks model\.norm\.weight/);
  index({ ...map, [norm]: "../model.safetensors" });
  await expect(readModel(folder)).rejects.toThrow(/"\.\.\/model\.safetensors", which is no file of its folder/);
  const { [norm]: _, ...rest } = map;
  index(rest);
  await expect(readModel(folder)).rejects.toThrow(/does not name model\.norm\.weight/);
});

test("C16: a folder with pytorch_model.bin alone says how to convert it, one without weights what is looked for", async () => {
  const folder = withConfig({});
  rmSync(`${folder}/model.safetensors`);
  await expect(readModel(folder)).rejects.toThrow(/neither model\.safetensors nor model\.safetensors\.index\.json/);
  writeFileSync(`${folder}/pytorch_model.bin`, "");
  await expect(readModel(folder)).rejects.toThrow(/pytorch_model\.bin.*save_pretrained/);
});

test("M4: the fields that well-known families publish are all known: Llama 3.2, Qwen 2.5, SmolLM2", () => {
  const sizes = {
    vocab_size: 97,
    hidden_size: 32,
    intermediate_size: 48,
    num_hidden_layers: 2,
    num_attention_heads: 4,
  };
  const common = {
    ...sizes,
    num_key_value_heads: 2,
    attention_dropout: 0,
    bos_token_id: 1,
    hidden_act: "silu",
    initializer_range: 0.02,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: true,
    torch_dtype: "bfloat16",
    transformers_version: "4.45.0",
    use_cache: true,
    max_position_embeddings: 131072,
  };
  const llama = parseModelConfig({
    ...common,
    architectures: ["LlamaForCausalLM"],
    attention_bias: false,
    eos_token_id: [128001, 128008, 128009],
    head_dim: 64,
    mlp_bias: false,
    model_type: "llama",
    pretraining_tp: 1,
    rope_theta: 500000,
    rope_scaling: {
      factor: 32,
      high_freq_factor: 4,
      low_freq_factor: 1,
      original_max_position_embeddings: 8192,
      rope_type: "llama3",
    },
  });
  expect(llama).toMatchObject({
    headDim: 64,
    ropeTheta: 500000,
    ropeScaling: { type: "llama3", factor: 32, originalContext: 8192 },
  });
  const qwen = parseModelConfig({
    ...common,
    architectures: ["Qwen2ForCausalLM"],
    eos_token_id: 151645,
    max_window_layers: 21,
    model_type: "qwen2",
    rope_theta: 1000000,
    sliding_window: 32768,
    use_sliding_window: false,
  });
  expect(qwen).toMatchObject({
    biases: ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
    ropeTheta: 1000000,
  });
  const smol = parseModelConfig({
    ...common,
    architectures: ["LlamaForCausalLM"],
    is_llama_config: true,
    model_type: "llama",
    pad_token_id: 2,
    rope_interleaved: false,
    rope_scaling: null,
    rope_theta: 100000,
    "transformers.js_config": { kv_cache_dtype: { q4f16: "float16" } },
  });
  expect(smol).toMatchObject({ ropeTheta: 100000, ropeScaling: { type: "none" }, biases: [] });
});

test("a damaged file that claims two billion layers is refused by the field's name, and not gone through", async () => {
  const layers = 2 ** 31;
  await expect(readModel(withConfig({ num_hidden_layers: layers }))).rejects.toThrow(
    /config\.json: num_hidden_layers.*10000/,
  );
  for (const [model_type, field] of [
    ["gpt2", "n_layer"],
    ["bloom", "n_layer"],
  ])
    expect(() => parseModelConfig({ model_type, [field!]: layers }, "config.json")).toThrow(/n_layer.*10000/);
});
