// Adapters made by PEFT 0.21.2 on a small random Llama (data/golden/adapters/make-adapters.py), read, trained, merged and written here.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { cosineSum } from "../../../test/cosine-sum";
import type { Adapter } from "../../engine/adapter";
import { lossAndGradients } from "../../engine/gradients";
import { tf } from "../../engine/tensorflow";
import { tokenBatch } from "../../inference/batches";
import { tokenLogProbs } from "../../inference/policy";
import { editedFolder } from "../../models/edited-folder";
import { readSafetensors, writeSafetensors } from "../../models/formats/safetensors";
import { readModel } from "../../models/load";
import type { Model } from "../../models/model";
import { frozenWeights } from "../../models/weights";
import { readAdapter, writeAdapter } from "../files";
import { mergedWeights } from "../merge";

interface Case {
  logProbs: number[];
  gradients: Record<string, number>;
  merged: Record<string, number>;
}
const golden = "data/golden/adapters";
const { ids, base, cases } = JSON.parse(readFileSync(`${golden}/adapters.json`, "utf8")) as {
  ids: number[];
  base: number[];
  cases: Record<string, Case>;
};
const files = await readModel(`${golden}/model`);
const model: Model = {
  config: files.config,
  weights: frozenWeights(files.config, files.host, "float32"),
  recompute: "none",
};
const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }]], 0);
const length = ids.length - 1;

const say = (adapter: Adapter | null) =>
  tf.tidy(() => [...tokenLogProbs(model, adapter, batch).dataSync()].slice(0, length));
const far = (ours: number[], theirs: number[]) => Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!)));

/** d(−mean log π)/d of every matrix of an adapter. */
function gradientsOf(adapter: Adapter): Record<string, number> {
  const weights = new Map([...adapter.weights].map(([name, tensor]) => [name, tf.variable(tensor)]));
  const loss = () => ({
    loss: tokenLogProbs(model, { ...adapter, weights }, batch)
      .mul(batch.mask)
      .sum()
      .div<tf.Scalar>(-length),
    stats: {},
  });
  const plain = lossAndGradients(loss, weights);
  return tf.tidy(() => {
    const { gradients } = plain({ batch, share: tf.scalar(1) });
    return Object.fromEntries(Object.entries(gradients).map(([name, value]) => [name, cosineSum(value.dataSync())]));
  });
}

test("C2: the base alone says what Transformers says", () => {
  expect(far(say(null), base)).toBeLessThan(1e-5);
});

test.each(Object.keys(cases))("F8, C2: the adapter “%s” speaks, learns and merges as in PEFT", (name) => {
  const { logProbs, gradients, merged } = cases[name]!;
  expect(far(logProbs, base)).toBeGreaterThan(1e-3); // or the case shows nothing
  const adapter = readAdapter(`${golden}/${name}`, files.config);
  expect(far(say(adapter), logProbs)).toBeLessThan(2e-5);

  const ours = gradientsOf(adapter);
  expect(Object.keys(ours).sort()).toEqual(Object.keys(gradients).sort());
  for (const [parameter, value] of Object.entries(gradients))
    expect(Math.abs(ours[parameter]! - value), parameter).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));

  const weights = mergedWeights(files, adapter);
  for (const [matrix, value] of Object.entries(merged))
    expect(Math.abs(cosineSum(weights(matrix)!.data) - value), matrix).toBeLessThan(1e-4);
});

test.each(Object.keys(cases))("F8, C2: the adapter “%s”, written by us, is read as the same one", (name) => {
  const folder = editedFolder(`${golden}/${name}`, {});
  writeAdapter(folder, readAdapter(`${golden}/${name}`, files.config), "model");
  expect(readSafetensors(`${folder}/adapter_model.safetensors`)).toEqual(
    readSafetensors(`${golden}/${name}/adapter_model.safetensors`),
  );
  expect(far(say(readAdapter(folder, files.config)), cases[name]!.logProbs)).toBeLessThan(2e-5);
});

const refusals: [string, object, RegExp][] = [
  ["another peft_type", { peft_type: "VERA" }, /peft_type "VERA".*"LORA" or "IA3"/],
  ["a quantisation-aware update", { use_qalora: true }, /use_qalora true is not supported/],
  ["a trained block", { modules_to_save: ["mlp"] }, /modules_to_save "mlp" matches model.layers.0.mlp/],
  [
    "trained modules that are not there, beside a head",
    { modules_to_save: ["score", "wte"] },
    /modules_to_save "wte" matches no module/,
  ],
  ["a bias of the update", { lora_bias: true }, /lora_bias true is not supported/],
  ["trained tokens", { trainable_token_indices: [3] }, /trainable_token_indices \[3\] is not supported/],
  ["parameters as targets", { target_parameters: ["mlp.experts"] }, /target_parameters \["mlp.experts"\]/],
  ["layers used twice", { layer_replication: [[0, 2]] }, /layer_replication \[\[0,2\]\]/],
  ["a start that changes the base", { init_lora_weights: "pissa_niter_4" }, /init_lora_weights "pissa_niter_4"/],
  ["a kind of LoRA that is new", { use_tomorrows_lora: true }, /use_tomorrows_lora true is not known/],
  ["an adapted head", { target_modules: ["q_proj", "v_proj", "lm_head"] }, /target_modules .*matches lm_head/],
  ["adapted embeddings", { target_modules: ["q_proj", "v_proj", "embed_tokens"] }, /matches model.embed_tokens/],
  ["a block as target", { target_modules: ["mlp"] }, /matches model.layers.0.mlp/],
  ["targets that are not there", { target_modules: ["c_attn"] }, /target_modules \["c_attn"\] matches no layer/],
  ["no target", { target_modules: [] }, /target_modules \[\] matches no layer/],
  ["an expression of Python's own", { target_modules: "(?P<a>q_proj)" }, /target_modules .*regular expression/],
  ["layers beside an expression", { target_modules: ".*q_proj", layers_to_transform: [0] }, /layers_to_transform/],
  ["a pattern without layers", { layers_pattern: "layers" }, /layers_pattern "layers" .*layers_to_transform/],
  ["a rank that is none", { r: 0 }, /r: .*0/],
];
test.each(refusals)(
  "F8, C2, C3, C16: an adapter with %s is refused by the name of what asks for it",
  (_, edit, message) => {
    const folder = editedFolder(`${golden}/plain`, { "adapter_config.json": { ...edit } });
    expect(() => readAdapter(folder, files.config)).toThrow(message);
    expect(() => readAdapter(folder, files.config)).toThrow(folder);
  },
);

test("F8, C2: what changes nothing is read: fan_in_fan_out on linear layers, an unused option, a bias where the model has none", () => {
  const edit = { fan_in_fan_out: true, bias: "all", use_tomorrows_lora: false, tomorrows_rank: null };
  const folder = editedFolder(`${golden}/plain`, { "adapter_config.json": edit });
  expect(far(say(readAdapter(folder, files.config)), cases.plain!.logProbs)).toBeLessThan(2e-5);
  expect(() => readAdapter(folder, { ...files.config, biases: ["self_attn.q_proj"] })).toThrow(
    /bias "all" is not supported/,
  );
});

test("F8: an adapter's file with weights that its config does not ask for is refused, and so is one that lacks some", () => {
  const narrow = editedFolder(`${golden}/plain`, { "adapter_config.json": { target_modules: ["v_proj"] } });
  expect(() => readAdapter(narrow, files.config)).toThrow(
    /6 tensors .*first base_model\.model\.model\.layers\.0\.self_attn\.q_proj\.lora_A\.weight/,
  );
  const wide = editedFolder(`${golden}/plain`, {
    "adapter_config.json": { target_modules: ["q_proj", "v_proj", "o_proj"] },
  });
  expect(() => readAdapter(wide, files.config)).toThrow(
    /lacks 6 tensors .*first base_model\.model\.model\.layers\.0\.self_attn\.o_proj\.lora_A\.weight/,
  );
  const trained = editedFolder(`${golden}/plain`, {});
  const path = `${trained}/adapter_model.safetensors`;
  const head = { shape: [671, 16], data: new Float32Array(671 * 16) };
  writeSafetensors(path, new Map([...readSafetensors(path), ["base_model.model.lm_head.weight", head]]));
  expect(() => readAdapter(trained, files.config)).toThrow(/1 tensor .*base_model\.model\.lm_head\.weight/);
});

test("C16: an adapter whose weights are a pickle says how to convert it", () => {
  const folder = editedFolder(`${golden}/plain`, { "adapter_model.bin": "" });
  rmSync(`${folder}/adapter_model.safetensors`);
  expect(() => readAdapter(folder, files.config)).toThrow(/adapter_model\.bin.*save_pretrained/);
});

test("F8: every golden adapter has its test", () => {
  const folders = readdirSync(golden, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).filter((name) => name !== "model")).toEqual(Object.keys(cases).sort());
});
