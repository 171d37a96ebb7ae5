import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine, perform } from "../../common/command-line";
import { writeFamilyFolder } from "../../test/family-models";
import { commands } from "../commands/all";
import { tf } from "../engine/tensorflow";
import { tokenBatch } from "../inference/batches";
import { sequenceLogProbs } from "../inference/policy";
import { writeGguf } from "./formats/gguf-write";
import { loadModel, readModel } from "./load";
import { withContext } from "./longer-context";

interface Golden {
  config: Record<string, unknown>;
  prompt: number[];
  answers: [number[], number[]];
  logProbs: [number, number];
}
const golden = (family: string) => JSON.parse(readFileSync(`data/golden/families/${family}.json`, "utf8")) as Golden;
const temporary = () => mkdtempSync(join(tmpdir(), "workbench-test-"));
const extend = (...words: string[]) => perform(commandLine(commands), ["extend-context", ...words]);

function folderOf(family: string, changes: Record<string, unknown> = {}): string {
  const folder = temporary();
  writeFamilyFolder(folder, { ...golden(family).config, ...changes });
  return folder;
}

/** As Transformers' YaRN by 4 from 16 tokens had it, before it was extended. */
const short = { max_position_embeddings: 16 };

test.each([
  ["in the new form", { ...short, rope_parameters: { rope_theta: 10_000, rope_type: "default" } }],
  ["in the old form", { ...short, rope_parameters: undefined, rope_theta: 10_000 }],
])("a model whose positions are %s is with YaRN what Transformers makes of it", async (_, changes) => {
  const expected = golden("qwen3-yarn");
  const [source, folder] = [folderOf("qwen3-yarn", changes), temporary()];
  expect(await extend(source, folder, "--context", "64")).toBe(0);
  const { model } = await loadModel({ source: folder, dtype: "float32" });
  const rows = expected.answers.map((answer) => ({
    input_ids: [...expected.prompt, ...answer],
    completion_mask: [...expected.prompt.map(() => 0), ...answer.map(() => 1)],
  }));
  const found = tf.tidy(() => [...sequenceLogProbs(model, null, tokenBatch([rows], 0)).dataSync()]);
  expected.logProbs.forEach((value, i) => {
    expect(Math.abs(found[i]! / value - 1)).toBeLessThan(1e-5);
  });
  const files = await readModel(folder);
  const file = join(folder, "model.gguf"); // and carries it on
  writeGguf(file, "x", files, "F16");
  expect((await readModel(file)).config.ropeScaling).toEqual(files.config.ropeScaling);
  expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")).max_position_embeddings).toBe(64);
});

test("linear and dynamic scaling are written too; what is longer already stays", async () => {
  const files = await readModel(folderOf("qwen3", short));
  expect(withContext(files, 64, "linear").config.ropeScaling).toEqual({ type: "linear", factor: 4 });
  expect(withContext(files, 24, "dynamic").config.ropeScaling).toEqual({ type: "dynamic", factor: 1.5, context: 16 });
  expect(() => withContext(files, 16, "yarn")).toThrow(/knows 16 tokens, and 16 are asked for/);
});

test.each([
  ["qwen3-yarn", /has RoPE scaling "yarn" already/],
  ["gemma3", /turn in two ways/],
  ["gpt2", /no rotary positions/],
  ["bloom", /no rotary positions/],
  ["mamba", /no rotary positions/],
])("%s is refused", async (family, reason) => {
  const files = await readModel(folderOf(family));
  expect(() => withContext(files, 4096, "yarn")).toThrow(reason);
});
