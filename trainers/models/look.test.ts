// What is told of a model by its path, before anything is trained on it.
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeGguf } from "./formats/gguf-write";
import { readModel } from "./load";
import { lookAtModel } from "./look";

const folder = () => mkdtempSync(join(tmpdir(), "workbench-model-"));
function copyOfTiny(change?: (folder: string) => void): string {
  const copy = join(folder(), "copy");
  cpSync(join("data", "tiny"), copy, { recursive: true });
  change?.(copy);
  return copy;
}
const withConfig = (change: object) =>
  copyOfTiny((at) => {
    const file = join(at, "config.json");
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), ...change }));
  });

/** Shapes as its file's header has them. */
function tensorsOfTiny(): Record<string, number[]> {
  const file = readFileSync(join("data", "tiny", "model.safetensors"));
  const header = JSON.parse(file.toString("utf8", 8, 8 + Number(file.readBigUInt64LE()))) as Record<
    string,
    { shape?: number[] }
  >;
  return Object.fromEntries(Object.entries(header).flatMap(([name, { shape }]) => (shape ? [[name, shape]] : [])));
}

test("U30, DB: a folder in Hugging Face layout is told by its family, its parameters, its layers and whether it has a chat template", async () => {
  const look = await lookAtModel(copyOfTiny());
  expect(look).toEqual(await lookAtModel("tiny"));
  const counted = Object.values(tensorsOfTiny()).reduce((sum, shape) => sum + shape.reduce((a, b) => a * b), 0);
  expect(look).toMatchObject({
    form: "folder",
    family: "llama",
    parameters: counted,
    layers: (await readModel("tiny")).config.layers,
    template: true,
  });
});

test("U30, DB: a folder whose weights are in several files is one as well; without a template it says so", async () => {
  const sharded = copyOfTiny((at) => {
    renameSync(join(at, "model.safetensors"), join(at, "model-00001-of-00001.safetensors"));
    const map = Object.fromEntries(
      Object.keys(tensorsOfTiny()).map((name) => [name, "model-00001-of-00001.safetensors"]),
    );
    writeFileSync(join(at, "model.safetensors.index.json"), JSON.stringify({ weight_map: map }));
    for (const name of ["chat_template.jinja", "tokenizer_config.json"])
      if (existsSync(join(at, name))) rmSync(join(at, name));
  });
  expect(await lookAtModel(sharded)).toMatchObject({ form: "folder", template: false });
});

test("U30, DB: a .gguf file that this workbench exported is told as its model is", async () => {
  const file = join(folder(), "tiny.gguf");
  writeGguf(file, "tiny", await readModel("tiny"), "F16");
  const { family, parameters, layers, template } = await lookAtModel("tiny");
  expect(await lookAtModel(file)).toMatchObject({ form: "gguf", family, parameters, layers, template });
});

test.each<[string, () => string, RegExp]>([
  [
    "a path where nothing is",
    () => join(folder(), "nothing"),
    /is not at .*nothing; give a folder in Hugging Face layout or a .gguf file/,
  ],
  ["an empty folder", folder, /has no config.json; a folder in Hugging Face layout holds config.json/],
  [
    "a folder of weights that are no safetensors",
    () => copyOfTiny((at) => renameSync(join(at, "model.safetensors"), join(at, "pytorch_model.bin"))),
    /pytorch_model.bin, which is a pickle/,
  ],
  [
    "a folder without a tokenizer",
    () => copyOfTiny((at) => rmSync(join(at, "tokenizer.json"))),
    /has no tokenizer.json/,
  ],
  ["an architecture that cannot be trained", () => withConfig({ model_type: "rwkv" }), /"rwkv"/],
  [
    "a config that is not JSON",
    () => copyOfTiny((at) => writeFileSync(join(at, "config.json"), "secret words")),
    /Cannot read .*config.json: a character stands where none is expected/,
  ],
  ["a config without its sizes", () => withConfig({ hidden_size: null }), /hidden_size/],
  [
    "a file that is no .gguf",
    () => join(copyOfTiny(), "config.json"),
    /neither a folder in Hugging Face layout nor a .gguf file/,
  ],
  [
    "a .gguf file that is none",
    () => {
      const file = join(folder(), "no.gguf");
      writeFileSync(file, "nothing of the kind");
      return file;
    },
    /no\.gguf/,
  ],
])("U30, DB: %s is refused in a sentence", async (_, make, words) => {
  const path = make();
  const error = await lookAtModel(path).catch((thrown: Error) => thrown);
  expect((error as Error).message).toMatch(words);
  expect((error as Error).message).not.toMatch(/[\n{]|secret/);
});
