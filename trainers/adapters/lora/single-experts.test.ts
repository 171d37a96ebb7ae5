// LoRA on single experts against PEFT 0.17.1 over Transformers 4.57.6: data/golden/families/experts/make-single-experts.py made what is expected.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cosineSum } from "../../../test/cosine-sum";
import { familyWeights, tensorOf } from "../../../test/family-models";
import { tf } from "../../engine/tensorflow";
import { tokenBatch } from "../../inference/batches";
import { sequenceLogProbs } from "../../inference/policy";
import { parseModelConfig } from "../../models/families";
import type { LoadedFiles } from "../../models/formats/loaded-files";
import { readSafetensors, writeSafetensors } from "../../models/formats/safetensors";
import { frozenWeights } from "../../models/weights";
import { readAdapter, writeAdapter } from "../files";
import { mergedWeights } from "../merge";

interface Rows {
  config: Record<string, unknown>;
  prompt: number[];
  answers: [number[], number[]];
}
interface Case {
  adapterConfig: Record<string, unknown>;
  shapes: Record<string, number[]>;
  logProbs: [number, number];
  /** The experts with the adapter worked in: Σ w[i] cos(i). */
  merged: Record<string, number>;
}
const golden = "data/golden/families";
const read = (file: string) => JSON.parse(readFileSync(`${golden}/${file}.json`, "utf8"));
const { families } = read("experts/single") as { families: Record<string, Record<string, Case>> };
const cases = Object.entries(families).flatMap(([family, ofFamily]) =>
  Object.entries(ofFamily).map(([name, one]) => [family, name, read(family) as Rows, one] as const),
);
const [file, prefix] = ["adapter_model.safetensors", "base_model.model."];
const newFolder = () => mkdtempSync(join(tmpdir(), "workbench-experts-"));

/** The folder that PEFT saved. */
function folderOf({ adapterConfig, shapes }: Pick<Case, "adapterConfig" | "shapes">): string {
  const folder = newFolder();
  writeFileSync(join(folder, "adapter_config.json"), JSON.stringify(adapterConfig));
  const tensors = Object.entries(shapes).map(
    ([name, shape]) => [name, tensorOf(name.replace(prefix, ""), shape, 0.3)] as const,
  );
  writeSafetensors(join(folder, file), new Map(tensors));
  return folder;
}

function modelOf(json: Rows["config"]) {
  const config = parseModelConfig(json);
  return { config, weights: frozenWeights(config, familyWeights(json), "float32"), recompute: "none" as const };
}

function logProbs(model: ReturnType<typeof modelOf>, folder: string, { prompt, answers }: Rows): ArrayLike<number> {
  const rows = answers.map((answer) => ({
    input_ids: [...prompt, ...answer],
    completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
  }));
  const adapter = readAdapter(folder, model.config);
  return tf.tidy(() => sequenceLogProbs(model, adapter, tokenBatch([rows], 0)).dataSync());
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(found[i]! / expected[i]! - 1)).toBeLessThan(1e-5);
}

test.each(cases)("%s, %s: log-probabilities are PEFT's, read from its folder and from ours", (_, __, rows, one) => {
  const model = modelOf(rows.config);
  const theirs = folderOf(one);
  expectClose(logProbs(model, theirs, rows), one.logProbs);
  const ours = newFolder();
  writeAdapter(ours, readAdapter(theirs, model.config), "model");
  expect([...readSafetensors(join(ours, file)).keys()].filter((name) => /experts\.\d/.test(name))).toEqual([]);
  expectClose(logProbs(model, ours, rows), one.logProbs);
});

test.each(cases)("%s, %s: merged, every expert is PEFT's", (_, __, { config: json }, one) => {
  const config = parseModelConfig(json);
  const files = { config, host: familyWeights(json) } as unknown as LoadedFiles;
  const merged = mergedWeights(files, readAdapter(folderOf(one), config));
  const names = Object.keys(one.merged);
  expect(names.length).toBeGreaterThan(30);
  for (const name of names)
    expect(Math.abs(cosineSum(merged(name)!.data) - one.merged[name]!), name).toBeLessThan(1e-4);
});

const olmoe = read("olmoe") as Rows;
const { all } = families.olmoe!;
const first = `${prefix}model.layers.0.mlp.experts.0.gate_proj.lora_A.weight`;

test.each<[string, object, object, RegExp]>([
  ["DoRA", { use_dora: true }, {}, /use_dora true is not supported on single experts, here .*; merge the adapter/],
  ["a router", { target_modules: ["gate", "up_proj"] }, {}, /matches model\.layers\.0\.mlp\.gate; of a mixture/],
  [
    "another rank",
    {},
    { [first]: [5, 32] },
    /gate_proj\.lora_A\.weight should be \[4,32\] for this model and is \[5,32\]/,
  ],
  ["an expert more", {}, { [first.replace("experts.0", "experts.9")]: [4, 32] }, /holds 1 tensor that its config does/],
])("%s is refused by name", (_, config, shapes, message) => {
  const folder = folderOf({
    adapterConfig: { ...all!.adapterConfig, ...config },
    shapes: { ...all!.shapes, ...shapes },
  });
  expect(() => readAdapter(folder, parseModelConfig(olmoe.config))).toThrow(message);
});

test("a missing matrix of an expert is named", () => {
  const { [first]: _, ...shapes } = all!.shapes;
  const folder = folderOf({ ...all!, shapes });
  expect(() => readAdapter(folder, parseModelConfig(olmoe.config))).toThrow(/experts\.0\.gate_proj\.lora_A.* missing/);
});
