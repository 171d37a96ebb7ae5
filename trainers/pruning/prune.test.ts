import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine, perform } from "../../common/command-line";
import { yamlHeader } from "../../common/yaml-header";
import { familyWeights } from "../../test/family-models";
import { writeModel } from "../adapters/merge";
import { commands } from "../commands/all";
import { tunedFiles } from "../inference/frozen-policy";
import { parseModelConfig, weightShapes } from "../models/families";
import { readModel } from "../models/load";
import { lookAtModel } from "../models/look";
import { type Amount, type Criterion, magnitude, wanda } from "./criteria";
import { pruningMasks, withMasks } from "./prune";

interface Golden {
  rows: number[][];
  families: Record<string, Record<string, Record<string, string>>>;
}
const golden: Golden = JSON.parse(readFileSync("data/golden/pruning.json", "utf8"));

const filesOf = (family: string) => {
  const { config } = JSON.parse(readFileSync(`data/golden/families/${family}.json`, "utf8"));
  return { config: parseModelConfig(config), host: familyWeights(config) };
};

const cases: Record<string, [Criterion, Amount]> = {
  "magnitude 0.5": [magnitude, { sparsity: 0.5 }],
  "magnitude 2:4": [magnitude, { keep: 2, of: 4 }],
  "wanda 0.5": [wanda, { sparsity: 0.5 }],
  "wanda 2:4": [wanda, { keep: 2, of: 4 }],
  "wanda 0.3": [wanda, { sparsity: 0.3 }],
};

/** numpy.packbits: the first of eight is the highest. */
const bitsOf = (packed: string, count: number): number[] => {
  const bytes = Buffer.from(packed, "base64");
  return Array.from({ length: count }, (_, i) => (bytes[i >> 3]! >> (7 - (i & 7))) & 1);
};

test.each(Object.keys(golden.families))(
  "%s: every weight is kept that the authors' algorithm keeps in PyTorch",
  (family) => {
    const files = filesOf(family);
    for (const [name, [criterion, amount]] of Object.entries(cases)) {
      const expected = golden.families[family]![name]!;
      const masks = pruningMasks(files, criterion === wanda ? golden.rows : [], criterion, amount);
      expect([...masks.keys()].sort()).toEqual(Object.keys(expected).sort());
      for (const [module, mask] of masks)
        expect([...mask.dataSync()], `${name}, ${module}`).toEqual(bitsOf(expected[module]!, mask.size));
    }
  },
);

const scratch = () => mkdtempSync(join(tmpdir(), "workbench-test-"));
const prune = (...words: string[]) => perform(commandLine(commands), ["prune", ...words]);
const model = "data/golden/trajectories/model";
const adapter = "data/golden/trajectories/adapter_init";
const text = "data/golden/trajectories/sft.jsonl";

/** The share of zeros in each row of a matrix. */
const zerosByRow = (data: Float32Array, columns: number) =>
  Array.from(
    { length: data.length / columns },
    (_, row) => data.subarray(row * columns, (row + 1) * columns).filter((x) => x === 0).length / columns,
  );

test("pruning nothing writes the same bytes", async () => {
  const files = await readModel(model);
  const [plain, pruned] = [scratch(), scratch()];
  writeModel(plain, files, "float32");
  writeModel(pruned, withMasks(files, pruningMasks(files, [], magnitude, { sparsity: 0 })), "float32");
  for (const file of ["model.safetensors", "config.json"])
    expect(readFileSync(join(pruned, file)).equals(readFileSync(join(plain, file)))).toBe(true);
});

test("the command prunes a run's model: each row of its linear layers by half, everything else as it was; its card says of what it was made", async () => {
  const folder = scratch();
  expect(
    await prune(model, folder, "--by", "wanda", "--sparsity", "0.5", "--calibrate", text, "--adapter", adapter),
  ).toBe(0);
  const [before, after] = await Promise.all([tunedFiles(model, adapter), readModel(folder)]);
  for (const [name, shape] of Object.entries(weightShapes(before.config))) {
    const [dense, pruned] = [before.host.get(name)!.data, after.host.get(name)!.data];
    if (!/proj\.weight$/.test(name)) expect(pruned, name).toEqual(dense);
    else {
      expect(new Set(zerosByRow(pruned, shape[1]!)), name).toEqual(new Set([0.5]));
      expect(
        pruned.every((x, i) => x === 0 || x === dense[i]),
        name,
      ).toBe(true);
    }
  }
  const card = readFileSync(join(folder, "README.md"), "utf8");
  expect(yamlHeader(card)).toMatchObject({ made_of: join(process.cwd(), adapter), sparsity: 0.5 });
  expect(card).toContain(before.contentHash());
  expect(await lookAtModel(folder)).toMatchObject({ madeOf: join(process.cwd(), adapter), sparsity: 0.5 });
  expect(await prune(model, folder, "--by", "magnitude", "--sparsity", "0.5")).toBe(2); // it would write over a model
});

test("2:4: of every four weights beside each other two are zero", async () => {
  const folder = scratch();
  expect(await prune(model, folder, "--by", "magnitude", "--pattern", "2:4")).toBe(0);
  const { config, host } = await readModel(folder);
  for (const name of Object.keys(weightShapes(config)).filter((name) => name.endsWith("proj.weight")))
    expect(new Set(zerosByRow(host.get(name)!.data, 4)), name).toEqual(new Set([0.5]));
});

test("rows that cannot be read are left out; a file without any, and options that do not go together, are refused", async () => {
  const file = join(scratch(), "rows.jsonl");
  writeFileSync(file, '{"text": "A ripe banana is yellow."}\n{"words": 3}\n{"prompt": "Name a yellow fruit."}\n');
  expect(await prune(model, scratch(), "--by", "wanda", "--sparsity", "0.5", "--calibrate", file)).toBe(0);
  writeFileSync(file, '{"words": 3}\n');
  expect(await prune(model, scratch(), "--by", "wanda", "--sparsity", "0.5", "--calibrate", file)).toBe(2);
  expect(await prune(model, scratch(), "--by", "wanda", "--sparsity", "0.5")).toBe(2);
  expect(await prune(model, scratch(), "--by", "magnitude", "--sparsity", "0.5", "--calibrate", text)).toBe(2);
  expect(await prune(model, scratch(), "--by", "magnitude")).toBe(2);
  expect(await prune(model, scratch(), "--by", "magnitude", "--sparsity", "0.5", "--pattern", "2:4")).toBe(2);
  expect(await prune(model, scratch(), "--by", "magnitude", "--pattern", "4:2")).toBe(2);
});
