// `workbench pack` with test/toy-gptqmodel.py in the place of its Python: what is handed over, what becomes of the result. The real GPTQModel packs in
// `npm run study -- packing`.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { commandLine, perform } from "../../common/command-line";
import { yamlHeader } from "../../common/yaml-header";
import { packed as packedSchema } from "../../spec/packed";
import { end, start, wordsOf } from "../../test/children";
import { packedFolder, unpackedFolder } from "../../test/packed-golden";
import { printed } from "../../test/printed";
import { scratch } from "../../test/program";
import { commands } from "../commands/all";
import { modelOf } from "../evaluation/distance";
import { tunedFiles } from "../inference/frozen-policy";
import { weightShapes } from "../models/families";
import { readModel } from "../models/load";
import { lookAtModel } from "../models/look";
import { compared } from "./compare";
import { packingRows } from "./rows";

const rows = "data/golden/trajectories/sft.jsonl";
const original = unpackedFolder();

const said = printed();
beforeEach(() => void vi.stubEnv("WORKBENCH_GPTQMODEL_PYTHON", resolve("test/toy-gptqmodel.py")));
afterEach(() => void vi.unstubAllEnvs());

const pack = (model: string, folder: string, ...words: string[]) =>
  perform(commandLine(commands), ["pack", model, "--calibrate", rows, "--out", folder, ...words]);

test.each(["gptq", "awq"] as const)(
  "%s: the packed folder is the model's own but for its weights, says how it was made, and is measured as it is read",
  async (by) => {
    const folder = join(scratch(), "packed");
    expect(await pack(original, folder, "--by", by, "--group", "32")).toBe(0);
    const packed = packedSchema.parse(JSON.parse(said.out));
    const files = await readModel(original);
    const { calibrated, measured } = await packingRows(rows, files, () => {});
    const after = modelOf(await readModel(packedFolder(by)));
    expect(packed).toEqual({
      ...{ by, bits: 4, group: 32, rows: { calibrated: calibrated.length, measured: measured.length } },
      bytes: {
        before: 4 * (512 * 64 + 2 * (4 * 64 * 64 + 3 * 64 * 128 + 2 * 64) + 64),
        after: statSync(`data/golden/packed/${by}/model.safetensors`).size,
      },
      ...compared(modelOf(files), after, measured, files.tokenizer.pad),
    });
    expect(yamlHeader(readFileSync(join(folder, "README.md"), "utf8"))).toMatchObject({ made_of: original, packed });
    expect(await lookAtModel(folder)).toMatchObject({ madeOf: original, packed });
    const names = ["README.md", "chat_template.jinja", "config.json", "model.safetensors", "quantize_config.json"];
    expect(readdirSync(folder).sort()).toEqual([...names, "tokenizer.json", "tokenizer_config.json"]);
    for (const name of ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"])
      expect(readFileSync(join(folder, name), "utf8")).toBe(readFileSync(join(original, name), "utf8"));
    expect(said.problems).toContain("1 of 2 blocks packed");
    expect(readdirSync(dirname(folder))).toEqual(["packed"]);
  },
);

test("a run's model is merged before it is packed", async () => {
  const [model, adapter] = ["data/golden/trajectories/model", "data/golden/trajectories/adapter_init"];
  const [folder, kept] = [join(scratch(), "packed"), join(scratch(), "model")];
  vi.stubEnv("TOY_KEEPS", kept);
  expect(await pack(model, folder, "--group", "32", "--adapter", adapter)).toBe(0);
  const [merged, given] = [await tunedFiles(model, adapter), await readModel(kept)];
  for (const name of Object.keys(weightShapes(merged.config)))
    expect(given.host.get(name)).toEqual(merged.host.get(name));
  expect(await lookAtModel(folder)).toMatchObject({ madeOf: resolve(adapter) });
});

test("where GPTQModel fails its last words are told, and nothing is left", async () => {
  vi.stubEnv("TOY_FAILS", "1");
  const folder = join(scratch(), "packed");
  expect(await pack(original, folder, "--group", "32")).toBe(1);
  expect(said.problems).toContain("GPTQModel ended with status 1: AssertionError: no such layer");
  expect(readdirSync(dirname(folder))).toEqual([]);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s leaves nothing behind", async (signal) => {
  vi.stubEnv("TOY_HANGS", "1");
  const folder = join(scratch(), "packed");
  const words = ["pack", original, "--calibrate", rows, "--out", folder, "--group", "32"];
  const child = start(wordsOf("trainers/cli.ts", ...words));
  const inFolder = () => readdirSync(dirname(folder), { recursive: true, encoding: "utf8" });
  await vi.waitFor(() => expect(inFolder().some((path) => path.endsWith("logs"))).toBe(true), 60_000); // it packs
  await end(child, signal);
  expect(child.exitCode).toBe(1);
  expect(inFolder()).toEqual([]);
});

test("what is packed is kept where it cannot be measured, and says so", async () => {
  vi.stubEnv("TOY_CUTS", "1");
  const folder = join(scratch(), "packed");
  expect(await pack(original, folder, "--group", "32")).toBe(1);
  expect(said.problems).toContain(`${folder} holds the packed model, without figures, since measuring it failed: `);
  expect(statSync(join(folder, "model.safetensors")).size).toBe(1000);
  expect(yamlHeader(readFileSync(join(folder, "README.md"), "utf8"))).toEqual({
    ...{ library_name: "transformers", tags: ["alignment-workbench"], made_of: original },
  });
  expect(readdirSync(dirname(folder))).toEqual(["packed"]);
});

test.each([
  [["--by", "awq", "--bits", "8"], "--by awq packs in 4 bits, not in 8; use --by gptq"],
  [
    ["--group", "128"],
    "groups of 128 inputs do not divide the 64 of self_attn.q_proj; use --group 64, or leave it out",
  ],
  [["--bits", "3"], "Allowed choices are 4, 8"],
])("%j is refused before anything is read or written", async (words, sentence) => {
  const folder = join(scratch(), "packed");
  expect(await pack(original, folder, ...words)).toBe(2);
  expect(said.problems).toContain(sentence);
  expect(readdirSync(dirname(folder))).toEqual([]);
});

test("a folder that holds something is not written over", async () => {
  expect(await pack(original, original, "--group", "32")).toBe(2);
  expect(said.problems).toContain(`${original} is there already; give a folder that is not`);
});
