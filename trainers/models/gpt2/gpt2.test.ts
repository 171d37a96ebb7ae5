// What of GPT-2 families.test.ts does not show: its files' ways, adapters and merged folders over matrices stored [in, out], and positions
// that end.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../../spec/config";
import { cosineSum } from "../../../test/cosine-sum";
import { familyWeights, tensorOf, writeFamilyModel } from "../../../test/family-models";
import { readAdapter, writeAdapter } from "../../adapters/files";
import { writeMerged } from "../../adapters/merge";
import type { Adapter } from "../../engine/adapter";
import { tf } from "../../engine/tensorflow";
import { tokenBatch } from "../../inference/batches";
import { tokenLogProbs } from "../../inference/policy";
import { createSampler } from "../../inference/sampling";
import { openRewardModel } from "../../rewards/reward-model";
import { silent } from "../../run/observer";
import { run } from "../../run/train";
import { examine } from "../../run/validate-run";
import { parseModelConfig, weightShapes } from "../families";
import { readSafetensors, writeSafetensors } from "../formats/safetensors";
import { readModel } from "../load";
import { lookAtModel } from "../look";
import { frozenWeights } from "../weights";

const json = JSON.parse(readFileSync("data/golden/families/gpt2.json", "utf8")).config as Record<string, unknown>;
const golden = "data/golden/gpt2";
const expected = JSON.parse(readFileSync(`${golden}/expected.json`, "utf8")) as {
  ids: number[];
  logProbs: number[];
  merged: Record<string, number>;
};
const config = parseModelConfig(json);
const model = { config, weights: frozenWeights(config, familyWeights(json), "float32"), recompute: "none" as const };
const newFolder = () => mkdtempSync(join(tmpdir(), "workbench-gpt2-"));

/** With a tokenizer, as Transformers saves it. */
function modelFolder(change: Record<string, unknown> = {}): string {
  const folder = join(newFolder(), "model");
  writeFamilyModel(folder, { ...json, ...change });
  for (const file of ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"])
    cpSync(join("data/golden/trajectories/model", file), join(folder, file));
  return folder;
}

/** log π of every id after the first. */
function said(ids: number[], adapter: Adapter | null, of = model): number[] {
  const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }]], 0);
  return [...tf.tidy(() => tokenLogProbs(of, adapter, batch).dataSync())].slice(0, ids.length - 1);
}

const distance = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value / b[i]! - 1)));

test("an adapter of PEFT's speaks as in PEFT, whatever its fan_in_fan_out says, and is written again as PEFT wrote it", () => {
  const adapter = readAdapter(`${golden}/adapter`, config);
  expect(distance(said(expected.ids, adapter), expected.logProbs)).toBeLessThan(1e-5);
  const folder = newFolder();
  writeAdapter(folder, adapter, "base");
  const settings = (of: string) => JSON.parse(readFileSync(join(of, "adapter_config.json"), "utf8"));
  for (const field of ["fan_in_fan_out", "target_modules", "r", "lora_alpha"])
    expect(settings(folder)[field]).toEqual(settings(`${golden}/adapter`)[field]);
  expect(settings(folder).fan_in_fan_out).toBe(true);
  const tensors = (of: string) => new Map([...readSafetensors(join(of, "adapter_model.safetensors"))].sort());
  expect(tensors(folder)).toEqual(tensors(`${golden}/adapter`));
  writeFileSync(
    join(folder, "adapter_config.json"),
    JSON.stringify({ ...settings(folder), fan_in_fan_out: false, bias: "none" }),
  );
  expect(said(expected.ids, readAdapter(folder, config))).toEqual(said(expected.ids, adapter));
});

test("a merged folder holds PEFT's merged matrices, [in, out] as they came, and says what base and adapter say", async () => {
  const files = await readModel(modelFolder());
  const folder = join(newFolder(), "merged");
  writeMerged(folder, files, readAdapter(`${golden}/adapter`, config));
  const weights = readSafetensors(join(folder, "model.safetensors"));
  expect([...weights].map(([name, { shape }]) => [name, shape])).toEqual(Object.entries(weightShapes(config)));
  for (const [name, value] of Object.entries(expected.merged)) {
    const { data } = weights.get(name)!;
    expect(Math.abs(cosineSum(data) - value), name).toBeLessThan(1e-5 * Math.hypot(...data));
  }
  const { config: own, host } = await readModel(folder);
  const merged = { ...model, config: own, weights: frozenWeights(own, host, "float32") };
  expect(distance(said(expected.ids, null, merged), expected.logProbs)).toBeLessThan(1e-5);
});

test("a file as the Hub has GPT-2's is read: names without transformer., with causal masks, which may be bytes", async () => {
  const folder = modelFolder();
  const path = join(folder, "model.safetensors");
  const plain = [...readSafetensors(path)].map(([name, tensor]) => [name.replace("transformer.", ""), tensor] as const);
  const masks = ["h.0.attn.bias", "h.0.attn.masked_bias"].map(
    (name) => [name, tensorOf(name, [1, 1, 2, 2], 1)] as const,
  );
  writeSafetensors(path, new Map([...plain, ...masks]));
  const speaks = async () => {
    const { config: own, host } = await readModel(folder);
    return said(expected.ids, null, { ...model, config: own, weights: frozenWeights(own, host, "float32") });
  };
  expect(await speaks()).toEqual(said(expected.ids, null));
  // a mask of 16 bytes in the place of its four numbers
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE());
  const entry = /("h\.0\.attn\.bias":\{"dtype":)"F32"(,"shape":\[)1,1,2,2/;
  bytes.write(bytes.toString("ascii", 8, 8 + length).replace(entry, '$1"U8" $21,1,4,4'), 8);
  writeFileSync(path, bytes);
  expect(await speaks()).toEqual(said(expected.ids, null));
  writeSafetensors(path, new Map([...plain, ["h.0.attn.gate", tensorOf("gate", [4], 1)]]));
  await expect(readModel(folder)).rejects.toThrow(/no place for, the first transformer\.h\.0\.attn\.gate/);
});

test("a tokenizer whose config names no special tokens has GPT-2's own, as in Transformers", async () => {
  const folder = modelFolder();
  const tokens = JSON.parse(readFileSync(join(folder, "tokenizer.json"), "utf8"));
  const end = { ...tokens.added_tokens[0], id: 7, content: "<|endoftext|>" };
  writeFileSync(
    join(folder, "tokenizer.json"),
    JSON.stringify({ ...tokens, added_tokens: [...tokens.added_tokens, end] }),
  );
  writeFileSync(join(folder, "tokenizer_config.json"), JSON.stringify({ model_max_length: 1024 }));
  const { tokenizer } = await readModel(folder);
  expect([tokenizer.eos, tokenizer.bos]).toEqual([7, 7]);
});

test.each([
  ["activation", { activation_function: "quick_gelu" }, /"quick_gelu"; supported are silu/],
  ["scale of scores", { scale_attn_by_inverse_layer_idx: true }, /scale_attn_by_inverse_layer_idx true is not known/],
  ["second attention", { add_cross_attention: true }, /add_cross_attention true is not supported/],
  ["number of heads", { n_head: 3 }, /n_embd 32 over n_head 3/],
  ["size in words", { n_positions: "many" }, /n_positions: found "many"/],
])("an unknown %s is refused by name", (_, change, message) => {
  expect(() => parseModelConfig({ ...json, ...change })).toThrow(message);
});

test("sizes are read under GPT-2's names and under those of all families, and the page shows its positions as context", async () => {
  const { n_embd, n_layer, n_head, n_positions, n_inner: _, ...rest } = json;
  const others = { hidden_size: n_embd, num_hidden_layers: n_layer, num_attention_heads: n_head };
  const read = parseModelConfig({ ...rest, ...others, max_position_embeddings: n_positions });
  expect(read).toEqual({ ...config, intermediateSize: 4 * config.hiddenSize });
  const ends = 512 * 32 + 256 * 32 + 2 * 32; // ids, positions, the last norm
  const block = 4 * 32 + 33 * 96 + 33 * 32 + 33 * 48 + 49 * 32; // two norms, c_attn, c_proj, c_fc and c_proj with their biases
  expect(await lookAtModel(modelFolder())).toMatchObject({
    family: "gpt2",
    context: 256,
    parameters: ends + 3 * block,
    layers: 3,
  });
});

test("a row as long as there are positions is computed, and answers are written to the last one", () => {
  const most = config.learnedPositions!;
  const ids = Array.from({ length: most }, (_, i) => (i * 37) % 512);
  const sample = createSampler(model, null);
  const options = { temperature: 0, ends: new Set<number>(), pad: 0, streams: ["0"] };
  const prompt = ids.slice(0, most - 20);
  const [answer] = sample([prompt], { ...options, maxNewTokens: 20 });
  const whole = said([...prompt, ...answer!.ids], null).slice(prompt.length - 1);
  answer!.logProbs.forEach((value, i) => {
    expect(Math.abs(value - whole[i]!)).toBeLessThan(1e-4);
  });
  expect(() => sample([prompt], { ...options, maxNewTokens: 21 })).toThrow(
    "the prompt with its answer has 257 tokens and the model has positions for 256: shorten the prompt of 236 tokens or ask for fewer new ones than 21",
  );
});

const pairs = "data/golden/trajectories/pairs.jsonl";
const runOf = (source: string, change: object = {}) => ({
  method: "dpo",
  model: { source },
  data: { train: pairs, maxLength: 256 },
  output: join(newFolder(), "run"),
  ...change,
});

test.each<[string, object, string, RegExp]>([
  ["rows", {}, "data.maxLength", /a row has (\d+) tokens and .* for 48: set Max length to 48 or less/],
  [
    "prompts with their completions",
    { method: "rloo", rloo: { maxCompletionLength: 64, reward: { rules: { length: { weight: 1, max: 20 } } } } },
    "data.maxLength",
    /a prompt with its longest completion has \d+ tokens and the model has positions for 48: lower/,
  ],
  [
    "rows whose prompts may be completed otherwise",
    {
      method: "distill",
      data: { train: pairs, maxLength: 40 },
      distill: { teacher: modelFolder(), maxCompletionLength: 48 },
    },
    "data.maxLength",
    /a prompt with its longest completion has \d+ tokens and the model has positions for 48: lower/,
  ],
  [
    "sample completions",
    { data: { train: pairs, maxLength: 40 }, sampleEvery: 1, sampleLength: 64 },
    "sampleLength",
    /a sample prompt with its answer has \d+ tokens .* for 48: lower the length of sample completions/,
  ],
])(
  "%s beyond the last position are refused before a run starts, at the field to blame",
  async (_, change, path, message) => {
    const source = modelFolder({ n_positions: 48 });
    const parsed = runConfig.parse(runOf(source, change));
    const refused = { path, message: expect.stringMatching(message) };
    await expect(examine(parsed, [])).rejects.toMatchObject(refused);
    await expect(run(parsed, { observer: silent, signal: new AbortController().signal })).rejects.toMatchObject(
      refused,
    );
  },
);

test("a reward model refuses an answer that is longer than its positions, with both numbers", () => {
  const folder = modelFolder({ architectures: ["GPT2ForSequenceClassification"], id2label: { 0: "score" } });
  const path = join(folder, "model.safetensors");
  const weights = readSafetensors(path);
  weights.set("score.weight", tensorOf("score.weight", [1, config.hiddenSize], 0.6));
  writeSafetensors(path, weights);
  const { score } = openRewardModel(folder, model, {} as never);
  const row = (length: number) => {
    const ids = Array.from({ length }, (_, i) => i);
    return { input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) };
  };
  expect(score([row(256)])).toHaveLength(1);
  expect(() => score([row(20), row(257)])).toThrow(
    /with its prompt, has 257 tokens .* positions for 256: shorten either/,
  );
});

test("every weight is trained and saved as it came, ready for the next run", async () => {
  const source = modelFolder();
  const full = runOf(source, { method: "sft", adapter: null, maxSteps: 2, batchSize: 2 });
  const parsed = runConfig.parse({ ...full, data: { train: "data/golden/trajectories/sft.jsonl", maxLength: 64 } });
  await run(parsed, { observer: silent, signal: new AbortController().signal });
  const { host, config: own } = await readModel(parsed.output);
  expect(own).toEqual(config);
  const name = "transformer.h.0.attn.c_attn.weight";
  const [before, after] = [familyWeights(json).get(name)!, host.get(name)!];
  expect(after.shape).toEqual([32, 96]);
  const moved = after.data.map((value, i) => Math.abs(value - before.data[i]!));
  expect(Math.max(...moved)).toBeGreaterThan(0);
  expect(Math.max(...moved)).toBeLessThan(0.01);
});
