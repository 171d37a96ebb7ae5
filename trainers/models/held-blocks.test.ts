// A model in the blocks of its GGUF file says and learns what it does over the numbers that they stand for: families out of llama.cpp's own
// converter, each type that we export.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { lora } from "../../spec/adapters/lora";
import type { GgufType } from "../../spec/export-types";
import { type HeldBase, heldInFull } from "../../spec/fields/model";
import { adapterSteps, far } from "../../test/adapter-steps";
import { withoutNative } from "../../test/without-native";
import { createAdapter } from "../adapters/kinds";
import { tf } from "../engine/tensorflow";
import { familyOf, parseModelConfig } from "./families";
import { writeGguf } from "./formats/gguf-write";
import type { LoadedFiles } from "./formats/loaded-files";
import { heldBlocks } from "./held-blocks";
import { readModel } from "./load";
import { randomWeights } from "./random-weights";
import { frozenWeights } from "./weights";

const inBlocks: HeldBase = { quantisation: "gguf", unquantised: [] };
const { say, step } = adapterSteps([1, 40, 50, 60, 70, 80, 90, 7, 21]);

async function written(files: LoadedFiles, type: GgufType): Promise<LoadedFiles> {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "model.gguf");
  writeGguf(path, "a model", files, type);
  return readModel(path);
}

/** What a model and a drawn adapter on every layer say, and the adapter less its gradients. */
function learnt({ config, host }: LoadedFiles, held: HeldBase) {
  const model = { config, weights: frozenWeights(config, host, "float32", held), recompute: "none" } as const;
  const targets = familyOf(config)
    .linearGroups.flat()
    .filter((name) => !familyOf(config).unadaptable?.[name])
    .map((name) => name.split(".").at(-1)!);
  const adapter = createAdapter(config, lora.parse({ rank: 4, alpha: 8, targets }), 0);
  for (const [i, [name, { shape }]] of [...adapter.weights].entries())
    adapter.weights.set(name, tf.randomNormal(shape, 0, 0.1, "float32", i + 1));
  const { next } = step(model, adapter, 1);
  const weights = [...next.weights.values()].flatMap((tensor) => [...tensor.dataSync()]);
  return { said: [...say(model, null), ...say(model, adapter)], weights };
}

function expectSame(files: LoadedFiles, ...found: ReturnType<typeof learnt>[]) {
  const expected = learnt(files, heldInFull);
  for (const { said, weights } of [learnt(files, inBlocks), ...found]) {
    expect(far(said, expected.said)).toBeLessThan(1e-5);
    expect(far(weights, expected.weights)).toBeLessThan(1e-5);
  }
}

const golden = "data/golden/gguf";

// rows in another order (llama2, gpt-neox), turned (gpt2), several layers in one (phi3), experts in full (mixtral); of width 32: what leads out of
// MLPs of 40 numbers is in float16
test.each(["llama2", "gpt-neox", "gpt2", "phi3", "mixtral", "qwen2", "mamba"])(
  "%s in Q4_1 is the model of its blocks' numbers",
  async (name) => {
    const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), `${name}.gguf`);
    writeFileSync(path, gunzipSync(readFileSync(`${golden}/${name}.gguf.gz`)));
    const files = await written(await readModel(path), "Q4_1");
    expect(new Set(heldBlocks(files.config, files.host, inBlocks).values())).toEqual(new Set(["Q4_1"]));
    expectSame(files);
  },
);

const narrow: Partial<Record<GgufType, string[]>> = {
  ...{ Q4_0: ["Q4_0"], Q4_1: ["Q4_1"], Q5_0: ["Q5_0"], Q5_1: ["Q5_1"], Q8_0: ["Q8_0"], Q6_K: ["Q8_0"] },
  ...{ Q4_K_M: ["Q5_0", "Q8_0"], Q5_K_M: ["Q5_1", "Q8_0"] },
};
test.each(Object.entries(narrow))("tiny in %s is held in %o and is the model of their numbers", async (type, types) => {
  const files = await written(await readModel("tiny"), type as GgufType);
  expect([...new Set(heldBlocks(files.config, files.host, inBlocks).values())].sort()).toEqual(types);
  expectSame(
    files,
    withoutNative(() => learnt(files, inBlocks)),
  );
});

async function wideModel(): Promise<LoadedFiles> {
  const files = await readModel("tiny");
  const json = JSON.parse(files.companions()["config.json"]!);
  const wide = { ...json, hidden_size: 256, head_dim: 64, intermediate_size: 512, num_hidden_layers: 2 };
  const config = parseModelConfig(wide);
  const companions = () => ({ ...files.companions(), "config.json": JSON.stringify(wide) });
  return { ...files, config, companions, host: randomWeights(config, 1) };
}
const wide: Partial<Record<GgufType, string[]>> = {
  ...{ Q4_K_M: ["Q4_K", "Q6_K"], Q5_K_M: ["Q5_K", "Q6_K"], Q6_K: ["Q6_K"] },
};
test.each(Object.entries(wide))("rows of 256 in %s are held in %o", async (type, types) => {
  const files = await written(await wideModel(), type as GgufType);
  expect([...new Set(heldBlocks(files.config, files.host, inBlocks).values())].sort()).toEqual(types);
  expectSame(
    files,
    withoutNative(() => learnt(files, inBlocks)),
  );
});

test("what cannot be held so is refused by its name, with what to do", async () => {
  const tiny = await readModel("tiny");
  expect(() => heldBlocks(tiny.config, tiny.host, inBlocks)).toThrow(/its .gguf file, and this one is none: choose/);
  const half = await written(tiny, "F16");
  expect(() => heldBlocks(half.config, half.host, inBlocks)).toThrow(/blocks of Q4_0, .*, and this file has none/);
  const { config, host } = await written(tiny, "Q4_0");
  const odd = "model.layers.1.mlp.down_proj.weight";
  const typeOf = (name: string) => (name === odd ? "Q2_K" : host.blocks!.typeOf(name));
  const other = { blocks: { ...host.blocks!, typeOf } };
  expect(() => heldBlocks(config, other, inBlocks)).toThrow(`${odd} is in blocks of Q2_K, and model.quantisation`);
  const without = { ...inBlocks, unquantised: ["model.layers.1.mlp.down_proj"] };
  expect(heldBlocks(config, other, without).has(odd)).toBe(false);
  expect(heldBlocks(config, other, without).size).toBe(4 * 7 - 1);
});
