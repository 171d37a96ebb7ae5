import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readAdapter } from "../../adapters/files";
import { writeMerged } from "../../adapters/merge";
import { readModel } from "../load";
import { shardsOf, writeWeights } from "./shards";
import { openWeightFiles } from "./weight-files";

const floats = (sizes: Record<string, number>) =>
  Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, [size]]));

// split_torch_state_dict_into_shards of huggingface_hub 2.4.0, for float32 tensors of these sizes and max_shard_size=500
test.each([
  [{ a: 75, b: 75, c: 225, d: 25, e: 25, f: 75, g: 60, h: 65 }, [["a"], ["c"], ["b", "d", "e"], ["f"], ["g", "h"]]],
  [{ a: 225, b: 75, c: 50 }, [["a"], ["b", "c"]]],
  [{ a: 225 }, [["a"]]],
])("weights are spread over files as huggingface_hub spreads them: %j", (sizes, shards) => {
  expect(shardsOf(floats(sizes), "F32", 500)).toEqual(shards);
});

test("a merged model in shards is the same model as in one file", async () => {
  const golden = "data/golden/trajectories";
  const base = await readModel(`${golden}/model`);
  const adapter = readAdapter(`${golden}/adapter_init`, base.config);
  const folder = () => mkdtempSync(join(tmpdir(), "workbench-test-"));
  const [one, several] = [folder(), folder()];
  writeMerged(one, base, adapter, "bfloat16");
  writeMerged(several, base, adapter, "bfloat16", 100_000);
  const names = readdirSync(several).filter((name) => name.endsWith(".safetensors"));
  expect(names.length).toBeGreaterThan(2);
  expect(names[0]).toBe(`model-00001-of-${String(names.length).padStart(5, "0")}.safetensors`);
  const { weights } = openWeightFiles(one);
  const read = openWeightFiles(several).weights;
  expect([...read.shapes.keys()].sort()).toEqual([...weights.shapes.keys()].sort());
  for (const name of weights.shapes.keys()) expect(read.get(name)).toEqual(weights.get(name));
  expect((await readModel(several)).config).toEqual((await readModel(one)).config);
});

test("files of weights have an index as Transformers writes it", () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  const shapes = { a: [2, 3], b: [5] };
  writeWeights(folder, shapes, (name) => new Float32Array(name === "a" ? 6 : 5), "F16", 12);
  const files = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
  expect(readdirSync(folder).sort()).toEqual([...files, "model.safetensors.index.json"]);
  expect(JSON.parse(readFileSync(join(folder, "model.safetensors.index.json"), "utf8"))).toEqual({
    metadata: { total_size: 22 }, // 11 numbers of 2 bytes
    weight_map: { a: files[0], b: files[1] },
  });
});
