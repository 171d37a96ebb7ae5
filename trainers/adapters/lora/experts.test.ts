// LoRA on a mixture's experts against PEFT 0.21.2 over Transformers 5.23.0: data/golden/families/experts/make-experts.py made what is expected.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cosineSum } from "../../../test/cosine-sum";
import { familyWeights, tensorOf } from "../../../test/family-models";
import { lossAndGradients } from "../../engine/gradients";
import { compile } from "../../engine/jit/compile";
import { tf } from "../../engine/tensorflow";
import { tokenBatch } from "../../inference/batches";
import { sequenceLogProbs } from "../../inference/policy";
import { parseModelConfig } from "../../models/families";
import type { LoadedFiles } from "../../models/formats/loaded-files";
import { readSafetensors, writeSafetensors } from "../../models/formats/safetensors";
import type { Model } from "../../models/model";
import { frozenWeights } from "../../models/weights";
import { readAdapter, writeAdapter } from "../files";
import { mergedWeights } from "../merge";
import { combineLora } from "./combine";
import { lora } from "./lora";

interface Rows {
  config: Record<string, unknown>;
  prompt: number[];
  answers: [number[], number[]];
  /** Without an adapter. */
  logProbs: [number, number];
}
interface Case {
  adapterConfig: Record<string, unknown>;
  shapes: Record<string, number[]>;
  logProbs: [number, number];
  /** Of 1 · log p(first) + 2 · log p(second). */
  gradients: Record<string, { norm: number; first: number[]; middle: number[] }>;
  /** The experts with the adapter worked in: Σ w[i] cos(i). */
  merged: Record<string, number>;
}
const golden = "data/golden/families";
const read = (file: string) => JSON.parse(readFileSync(`${golden}/${file}.json`, "utf8"));
const cases = ["qwen3-moe", "olmoe", "mixtral", "granite-moe"].flatMap((family) => {
  const rows = read(family) as Rows;
  const { cases } = read(`experts/${family}`) as { cases: Record<string, Case> };
  return Object.entries(cases).map(([name, one]) => [family, name, rows, one] as const);
});

/** The folder that PEFT saved. */
function folderOf({ adapterConfig, shapes }: Case): string {
  const folder = mkdtempSync(join(tmpdir(), "workbench-experts-"));
  writeFileSync(join(folder, "adapter_config.json"), JSON.stringify(adapterConfig));
  const tensors = Object.entries(shapes).map(
    ([name, shape]) => [name, tensorOf(name.replace("base_model.model.", ""), shape, 0.3)] as const,
  );
  writeSafetensors(join(folder, "adapter_model.safetensors"), new Map(tensors));
  return folder;
}

function modelOf(json: Rows["config"], recompute: Model["recompute"] = "none"): Model {
  const config = parseModelConfig(json);
  return { config, weights: frozenWeights(config, familyWeights(json), "float32"), recompute };
}

function batchOf({ prompt, answers }: Rows) {
  const rows = answers.map((answer) => ({
    input_ids: [...prompt, ...answer],
    completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
  }));
  return tokenBatch([rows], 0);
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(found[i]! / expected[i]! - 1)).toBeLessThan(1e-5);
}

test.each(cases)(
  "%s, %s: log-probabilities are PEFT's, compiled and eager, whatever is recomputed",
  (_, __, rows, one) => {
    const model = modelOf(rows.config);
    const adapter = readAdapter(folderOf(one), model.config);
    const batch = batchOf(rows);
    expectClose(
      tf.tidy(() => sequenceLogProbs(model, adapter, batch).dataSync()),
      one.logProbs,
    );
    for (const recompute of ["none", "attention", "block"] as const) {
      const program = compile((given: typeof batch) => sequenceLogProbs({ ...model, recompute }, adapter, given));
      expectClose(program(batch).dataSync(), one.logProbs);
    }
  },
);

/** Of log p(first answer) + 2 log p(second answer), by every matrix of the adapter. */
function gradientsOf(rows: Rows, one: Case, way: "plain tape" | "compiled", recompute: Model["recompute"]) {
  const model = modelOf(rows.config, recompute);
  const adapter = readAdapter(folderOf(one), model.config);
  const weights = new Map([...adapter.weights].map(([name, tensor]) => [name, tf.variable(tensor)]));
  const loss = (batch: ReturnType<typeof batchOf>) => ({
    loss: sequenceLogProbs(model, { ...adapter, weights }, batch)
      .mul(tf.tensor1d([1, 2]))
      .sum()
      .asScalar(),
    stats: {},
  });
  const step = lossAndGradients(loss, weights);
  const { gradients } = (way === "compiled" ? compile(step) : step)({ batch: batchOf(rows), share: tf.scalar(1) });
  return new Map(Object.entries(gradients).map(([name, gradient]) => [name, gradient.dataSync()]));
}

const gradientsArePefts = (...[, , rows, one]: (typeof cases)[number]) => {
  const plain = gradientsOf(rows, one, "plain tape", "none");
  expect([...plain.keys()].sort()).toEqual(Object.keys(one.gradients).sort());
  const compiled = (["attention", "block"] as const).map((mode) => gradientsOf(rows, one, "compiled", mode));
  for (const [name, { norm, first, middle }] of Object.entries(one.gradients)) {
    const found = plain.get(name)!;
    expect(Math.abs(Math.hypot(...found) - norm), name).toBeLessThan(1e-5 * norm);
    const half = Math.floor(found.length / 2);
    [...found.slice(0, 3), ...found.slice(half, half + 3)].forEach((value, i) => {
      expect(Math.abs(value - [...first, ...middle][i]!), name).toBeLessThan(1e-5 * norm);
    });
    for (const other of compiled)
      other.get(name)!.forEach((value, i) => {
        expect(Math.abs(value - found[i]!), name).toBeLessThan(1e-5 * norm);
      });
  }
};
const title = "%s, %s: the gradient of every A and B is PEFT's, compiled and on the plain tape";
/** All of an expert's matrices, or each by its own rank; those of one kind alone are long. */
const isWhole = ([, name]: (typeof cases)[number]) => ["both", "by-module"].includes(name);
test.each(cases.filter(isWhole))(title, gradientsArePefts);
test.each(cases.filter((one) => !isWhole(one)))(title, { tags: "long" }, gradientsArePefts);

test.each(cases)("%s, %s: merged, every expert is PEFT's and the model says the same", (_, __, rows, one) => {
  const { config } = modelOf(rows.config);
  const host = familyWeights(rows.config);
  const adapter = readAdapter(folderOf(one), config);
  const merged = mergedWeights({ config, host } as unknown as LoadedFiles, adapter);
  for (const [name, value] of Object.entries(one.merged))
    expect(Math.abs(cosineSum(merged(name)!.data) - value), name).toBeLessThan(1e-4);
  const model = { config, weights: frozenWeights(config, { get: merged }, "float32"), recompute: "none" as const };
  expectClose(
    tf.tidy(() => sequenceLogProbs(model, null, batchOf(rows)).dataSync()),
    one.logProbs,
  );
});

test.each(cases)("%s, %s: written by us, the adapter is what PEFT wrote", (_, __, rows, one) => {
  const { config } = modelOf(rows.config);
  const [theirs, ours] = [folderOf(one), mkdtempSync(join(tmpdir(), "workbench-experts-"))];
  writeAdapter(ours, readAdapter(theirs, config), "model");
  const file = "adapter_model.safetensors";
  expect(readSafetensors(join(ours, file))).toEqual(readSafetensors(join(theirs, file)));
  const written = JSON.parse(readFileSync(join(ours, "adapter_config.json"), "utf8"));
  const fields = [
    "r",
    "lora_alpha",
    "use_rslora",
    "target_modules",
    "target_parameters",
    "rank_pattern",
    "alpha_pattern",
  ];
  for (const field of fields) expect(written[field], field).toEqual(one.adapterConfig[field]);
});

const olmoe = parseModelConfig((read("olmoe") as Rows).config);
const both = cases.find(([family, name]) => family === "olmoe" && name === "both")![3];

test.each<[object, RegExp]>([
  [
    { target_parameters: ["gate.weight"] },
    /"gate.weight" matches none of the experts' parameters, mlp.experts.gate_up_proj/,
  ],
  [{ use_dora: true }, /use_dora true is not supported: PEFT has none beside target_parameters/],
  [{ lora_dropout: 0.1 }, /lora_dropout 0.1 is not supported: PEFT has none beside target_parameters/],
  [{ target_parameters: ["experts.down_proj"] }, /lora_A.weight should be|holds 6 tensors/],
])("an adapter of PEFT with %o is refused", (edit, message) => {
  const folder = folderOf({ ...both, adapterConfig: { ...both.adapterConfig, ...edit } });
  expect(() => readAdapter(folder, olmoe)).toThrow(message);
});

test("adapters on experts are not combined, and a model without experts has none", () => {
  const adapter = readAdapter(folderOf(both), olmoe);
  const combination = { method: "cat" as const, density: 1, seed: 1 };
  const parts = [adapter, adapter].map((one) => ({ adapter: one, weight: 0.5 }));
  expect(() => combineLora(parts, combination, (json) => lora.fromFile(json, "new", olmoe))).toThrow(
    /on a mixture's experts, which are not combined, in PEFT neither/,
  );
  const tiny = parseModelConfig(JSON.parse(readFileSync("data/tiny/config.json", "utf8")));
  expect(() => readAdapter(folderOf(both), tiny)).toThrow(
    /those of a mixture of experts, and this model \(llama\) has/,
  );
});
