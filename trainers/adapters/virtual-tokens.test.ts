// Prompt tuning and prefix tuning against PEFT 0.21.2 on tiny models of five families (data/golden/adapter-variants/make-virtual-tokens.py).
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adapter as adapterOptions } from "../../spec/adapters/adapters";
import { runConfig } from "../../spec/config";
import { cosineSum } from "../../test/cosine-sum";
import { familyWeights, numbers } from "../../test/family-models";
import { type Adapter, promptEmbeddings } from "../engine/adapter";
import { lossAndGradients } from "../engine/gradients";
import { compile } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";
import { type TokenBatch, tokenBatch } from "../inference/batches";
import { tokenLogProbs } from "../inference/policy";
import { createSampler } from "../inference/sampling";
import { parseModelConfig } from "../models/families";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { readSafetensors } from "../models/formats/safetensors";
import type { Model } from "../models/model";
import { frozenWeights } from "../models/weights";
import { readAdapter, writeAdapter } from "./files";
import { createAdapter } from "./kinds";
import { mergedWeights } from "./merge";

interface Case {
  family: string;
  kind: "prompt" | "prefix";
  rate: number;
  logProbs: number[][][];
  gradient: { norm: number; sum: number };
  completions: number[][];
}
const golden = "data/golden/adapter-variants";
const { rows, prompts, virtual, cases } = JSON.parse(readFileSync(`${golden}/virtual-tokens.json`, "utf8")) as {
  rows: number[][];
  prompts: number[][];
  virtual: number;
  cases: Record<string, Case>;
};
const named = Object.entries(cases);
const scored = rows.reduce((sum, row) => sum + row.length - 1, 0);
const far = (ours: number[], theirs: number[]) => Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!)));

/** `shared`: tokens of each row that are its prompt, which are not scored. */
const batchOf = (shared: number[]): TokenBatch =>
  tokenBatch(
    rows.map((ids, i) => [{ input_ids: ids, completion_mask: ids.map((_, t) => (t < shared[i]! ? 0 : 1)) }]),
    0,
  );
const whole = batchOf([1, 1]);

function modelOf(family: string, recompute: Model["recompute"] = "none", json = familyJson(family)): Model {
  const config = parseModelConfig(json);
  return { config, weights: frozenWeights(config, familyWeights(json), "float32"), recompute };
}
const familyJson = (family: string) => JSON.parse(readFileSync(`data/golden/families/${family}.json`, "utf8")).config;

/** Log-probabilities of all scored tokens, row after row. */
function said(model: Model, adapter: Adapter | null, shared = [1, 1]): number[] {
  const values = tf.tidy(() => tokenLogProbs(model, adapter, batchOf(shared)).arraySync());
  return values.flatMap((row, i) => row.slice(0, rows[i]!.length - shared[i]!));
}

/** The adapter after a step of gradient descent on −mean log π, compiled as runs have it, and the gradient. */
function step(model: Model, adapter: Adapter, rate: number) {
  const variable = tf.variable(adapter.weights.get(promptEmbeddings)!);
  const weights = new Map([[promptEmbeddings, variable]]);
  const loss = (batch: TokenBatch) => {
    const logProbs = tokenLogProbs(model, { ...adapter, weights }, batch);
    return { loss: logProbs.mul(batch.mask).sum().div<tf.Scalar>(-scored), stats: {} };
  };
  const { gradients } = compile(lossAndGradients(loss, weights))({ batch: whole, share: tf.scalar(1) });
  const gradient = gradients[promptEmbeddings]!;
  return { next: { ...adapter, weights: new Map([[promptEmbeddings, variable.sub(gradient.mul(rate))]]) }, gradient };
}

const ways = (["none", "attention", "block"] as const).flatMap((recompute) =>
  named.map(([name, expected]) => [name, recompute, expected] as const),
);

type Way = (typeof ways)[number];
const learnsAsPefts = (...[name, recompute, { family, kind, rate, logProbs, gradient: first }]: Way) => {
  const model = modelOf(family, recompute);
  let adapter = readAdapter(`${golden}/${name}`, model.config);
  const before = said(model, adapter);
  expect(far(before, logProbs[0]!.flat())).toBeLessThan(1e-5);
  expect(far(before, said(model, null))).toBeGreaterThan(0.1);
  logProbs.slice(1).forEach((theirs, i) => {
    const { next, gradient } = step(model, adapter, rate);
    if (i === 0) {
      expect(Math.abs(gradient.norm().dataSync()[0]! / first.norm - 1)).toBeLessThan(1e-4);
      expect(Math.abs(cosineSum(gradient.dataSync()) - first.sum) / first.norm).toBeLessThan(1e-4);
    }
    adapter = next;
    expect(far(theirs.flat(), logProbs[i]!.flat())).toBeGreaterThan(1e-3); // or the case shows nothing
    expect(far(said(model, adapter), theirs.flat())).toBeLessThan(1e-5);
  });
  const folder = mkdtempSync(join(process.env.KEEP ?? tmpdir(), `workbench-${name}-`));
  writeAdapter(folder, adapter, "base");
  expect(said(model, readAdapter(folder, model.config))).toEqual(said(model, adapter));
  const settings = (of: string) => JSON.parse(readFileSync(join(of, "adapter_config.json"), "utf8"));
  const fields = ["peft_type", "num_virtual_tokens", "token_dim", "num_layers", "num_attention_heads"];
  for (const field of [...fields, "num_transformer_submodules", ...(kind === "prefix" ? ["prefix_projection"] : [])])
    expect(settings(folder)[field], field).toEqual(settings(`${golden}/${name}`)[field]);
  expect([...readSafetensors(join(folder, "adapter_model.safetensors")).keys()]).toEqual([promptEmbeddings]);
};
const title = "“%s” is read from PEFT's folder, learns as PEFT's does and is saved, with %s recomputed";
/** Every kind in every family, and recomputed blocks in one; the other ways of recomputing are long. */
const isQuick = ([name, recompute]: Way) =>
  recompute === "none" || (recompute === "block" && name.startsWith("mistral"));
test.each(ways.filter(isQuick))(title, learnsAsPefts);
test.each(ways.filter((way) => !isQuick(way)))(title, { tags: "long" }, learnsAsPefts);

test.each(named)(
  "“%s” scores answers to prompts of different lengths, and completes them as PEFT does each alone",
  (name, expected) => {
    const model = modelOf(expected.family);
    const adapter = readAdapter(`${golden}/${name}`, model.config);
    const shared = [9, 2];
    const answers = expected.logProbs[0]!.flatMap((row, i) => row.slice(shared[i]! - 1));
    expect(far(said(model, adapter, shared), answers)).toBeLessThan(1e-5);
    const options = { maxNewTokens: 16, temperature: 0, ends: new Set<number>(), pad: 0, streams: ["a", "b", "c"] };
    const completions = createSampler(model, adapter)([...prompts, prompts[0]!], options); // two rows share a prompt
    expect(completions.map(({ ids }) => ids)).toEqual([...expected.completions, expected.completions[0]]);
    const both = completions
      .slice(0, 2)
      .map(({ ids }, i) => ({ ids: [...prompts[i]!, ...ids], from: prompts[i]!.length }));
    const rescored = tokenBatch(
      both.map(({ ids, from }) => [{ input_ids: ids, completion_mask: ids.map((_, t) => (t < from ? 0 : 1)) }]),
      0,
    );
    const scores = tokenLogProbs(model, adapter, rescored).arraySync();
    both.forEach((_, i) => {
      expect(far(completions[i]!.logProbs, scores[i]!)).toBeLessThan(1e-5);
    });
  },
);

test("a fresh prompt holds tokens of the vocabulary, or numbers of deviation 1, as a fresh prefix does", () => {
  const { config, weights } = modelOf("gemma2");
  const fresh = (options: object) =>
    createAdapter(config, adapterOptions.parse({ virtualTokens: 40, ...options }), 3, weights).weights.get(
      promptEmbeddings,
    )!;
  const known = new Set(
    (weights.embedding.mul(config.embeddingScale!).arraySync() as number[][]).map((row) =>
      Float32Array.from(row).join(),
    ),
  );
  const words = fresh({ type: "prompt" }).arraySync() as number[][];
  expect(words.filter((row) => known.has(Float32Array.from(row).join())).length).toBe(40);
  expect(new Set(words.map((row) => row.join())).size).toBeGreaterThan(30);
  for (const options of [{ type: "prompt", start: "random" }, { type: "prefix" }]) {
    const values = fresh(options);
    const { mean, variance } = tf.moments(values);
    expect(Math.abs(mean.dataSync()[0]!)).toBeLessThan(5 / Math.sqrt(values.size));
    expect(Math.abs(variance.dataSync()[0]! - 1)).toBeLessThan(5 * Math.sqrt(2 / values.size));
  }
});

test("what a projection made of a prefix is read as PEFT does", () => {
  const model = modelOf("mistral");
  const folder = mkdtempSync(join(tmpdir(), "workbench-projected-"));
  writeAdapter(folder, readAdapter(`${golden}/mistral-prefix`, model.config), "base");
  const path = join(folder, "adapter_config.json");
  const config = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...config, prefix_projection: true, encoder_hidden_size: 64 }));
  expect(
    far(said(model, readAdapter(folder, model.config)), cases["mistral-prefix"]!.logProbs[0]!.flat()),
  ).toBeLessThan(1e-5);
});

test.each([
  ["mistral-prompt", { token_dim: 64 }, /token_dim should be 32 for this model and is 64/],
  ["mistral-prefix", { num_attention_heads: 4 }, /num_attention_heads should be 2 for this model and is 4/],
  [
    "mistral-prompt",
    { num_transformer_submodules: 2 },
    /num_transformer_submodules 2 is not supported; supported is 1/,
  ],
  ["mistral-prompt", { num_virtual_tokens: 6 }, /prompt_embeddings should be \[6,32\] for this model and is \[5,32\]/],
  ["mistral-prompt", { modules_to_save: ["lm_head"] }, /modules_to_save \["lm_head"\] is not supported/],
  [
    "mistral-prompt",
    { peft_type: "P_TUNING" },
    /peft_type "P_TUNING" is not supported; supported is .*"PROMPT_TUNING" or "PREFIX_TUNING"/,
  ],
])("“%s” with %o is refused by name", (name, changed, message) => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-refused-"));
  const model = modelOf("mistral");
  writeAdapter(folder, readAdapter(`${golden}/${name}`, model.config), "base");
  const path = join(folder, "adapter_config.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...changed }));
  expect(() => readAdapter(folder, model.config)).toThrow(message);
});

test("it is not merged, and is not on models without attention, mixtures of experts, or a prefix under ALiBi", () => {
  const { config } = modelOf("gpt2");
  const adapter = readAdapter(`${golden}/gpt2-prompt`, config);
  const host = familyWeights(familyJson("gpt2"));
  expect(() => mergedWeights({ config, host } as unknown as LoadedFiles, adapter)("transformer.wte.weight")).toThrow(
    /a learned prompt stands before the text and is no part of the model's weights, so it cannot be merged into them/,
  );
  const create = (family: string, type: string) => () =>
    createAdapter(parseModelConfig(familyJson(family)), adapterOptions.parse({ type }), 0);
  expect(create("mamba", "prompt")).toThrow(/this one \(mamba\) has no attention; use LoRA/);
  expect(create("mixtral", "prefix")).toThrow(/this one \(mixtral\) is a mixture of experts; use LoRA/);
  expect(create("bloom", "prefix")).toThrow(
    /no positions, by which bloom attends \(ALiBi\); use a learned prompt or LoRA/,
  );
});

test.each(["reward", "ppo"])("%s refuses it, and says why", (method) => {
  const run = { method, model: { source: "tiny" }, data: { train: "rows.jsonl" }, output: "out" };
  expect(() => runConfig.parse({ ...run, adapter: { type: "prompt" } })).toThrow(
    /trains a score on the model's layers, and a learned prompt leaves them as they are: use \\"lora\\"/,
  );
});

test("virtual tokens take positions: a model that has learned ones answers at most so many tokens fewer", () => {
  const json = { ...familyJson("gpt2"), n_positions: 30 };
  const model = modelOf("gpt2", "none", json);
  const adapter = readAdapter(`${golden}/gpt2-prompt`, model.config);
  const sample = (maxNewTokens: number) => () =>
    createSampler(model, adapter)([prompts[0]!], {
      maxNewTokens,
      temperature: 0,
      ends: new Set(),
      pad: 0,
      streams: ["a"],
    });
  expect(numbers("transformer.wpe.weight", 30 * 32).length).toBe(model.weights.positions!.size);
  expect(sample(16)()[0]!.ids.length).toBe(16);
  expect(sample(17)).toThrow(`has 26 tokens and the model has positions for ${30 - virtual}`);
});
