import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { fewReviews } from "../../test/few-reviews";
import { packedFolder, unpackedFolder } from "../../test/packed-golden";
import { readAdapter, writeAdapter } from "../adapters/files";
import { createAdapter } from "../adapters/kinds";
import { mergedFiles } from "../adapters/merge";
import { tf } from "../engine/tensorflow";
import { weightShapes } from "../models/families";
import { roundedFiles } from "../models/formats/gguf-rounded";
import { writeGguf } from "../models/formats/gguf-write";
import { readModel } from "../models/load";
import { measureQuantised } from "./quantised";

const golden = "data/golden/trajectories";
const folder = () => mkdtempSync(join(tmpdir(), "workbench-test-"));

test.each(["Q8_0", "Q4_K_M", "Q4_0"] as const)(
  "what is measured in %s are the weights that the file gives back",
  async (type) => {
    const base = await readModel(`${golden}/model`);
    const merged = mergedFiles(base, readAdapter(`${golden}/adapter_init`, base.config));
    const path = join(folder(), "model.gguf");
    writeGguf(path, "test", merged, type);
    const [{ host }, { files, bytes }] = [await readModel(path), roundedFiles(merged, type)];
    for (const name of Object.keys(weightShapes(base.config))) expect(files.host.get(name)).toEqual(host.get(name));
    expect(bytes).toBeLessThan(statSync(path).size);
  },
);

test("each type is measured beside the unrounded model: fewer bits move it further", async () => {
  const output = folder();
  const config = runConfig.parse({
    method: "dpo",
    model: { source: "tiny" },
    data: { train: fewReviews(), maxLength: 128 },
    ...{ samplePrompts: 4, sampleLength: 16, output },
  });
  const { config: model } = await readModel("tiny");
  writeAdapter(output, createAdapter(model, config.adapter!, 0), "tiny");
  const held = async (types: ("F16" | "Q8_0" | "int8")[]) => {
    const { numBytes } = tf.memory();
    await measureQuantised(config, output, types, [], () => {});
    return tf.memory().numBytes - numBytes;
  };
  expect(await held(["F16", "Q8_0", "int8"])).toBe(await held([])); // no type's weights stay in memory
  const said: string[] = [];
  const { prompts, forms } = await measureQuantised(config, output, ["F16", "Q8_0", "Q4_0"], [], (line) =>
    said.push(line),
  );
  expect(prompts).toBe(4);
  expect(said).toEqual(["0 of 3 types measured", "1 of 3 types measured", "2 of 3 types measured"]);
  const [float32, ...rounded] = forms;
  expect(float32).toMatchObject({ type: "float32", kl: { mean: 0, se: 0 }, sameTop: 1, winRate: { mean: 0.5, se: 0 } });
  expect(float32!.gold).not.toBeNull();
  expect(rounded.map(({ type }) => type)).toEqual(["F16", "Q8_0", "Q4_0"]);
  const distances = rounded.map(({ kl }) => kl.mean);
  expect(distances[0]).toBeCloseTo(0, 7);
  expect(distances).toEqual([...distances].sort((a, b) => a - b));
  expect(distances[2]).toBeGreaterThan(10 * distances[1]!); // 4 bits against 8: a step 16 times as wide
  expect(forms.map(({ bytes }) => bytes)).toEqual(forms.map(({ bytes }) => bytes).sort((a, b) => b - a));
  const [, int8] = (await measureQuantised(config, output, ["int8"], [], () => {})).forms;
  expect(int8!.kl.mean).toBeGreaterThan(distances[0]!);
  expect(int8!.kl.mean).toBeLessThan(distances[2]!); // 4 bits
  expect(int8!.bytes).toBeLessThan(forms[1]!.bytes);
});

test("what GPTQ left of a run's model is measured beside it, each folder under a name of its own; another folder is refused", async () => {
  const source = unpackedFolder();
  const config = runConfig.parse({
    method: "dpo",
    model: { source },
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256 },
    ...{ samplePrompts: 4, sampleLength: 16, output: folder() },
  });
  const { config: model } = await readModel(source);
  writeAdapter(config.output, createAdapter(model, config.adapter!, 0), source);
  const packedIn = (group: number) => {
    const packed = {
      ...{ by: "gptq", bits: 4, group, rows: { calibrated: 16, measured: 4 }, bytes: { before: 4, after: 1 } },
      ...{ perplexity: { before: 1, after: 1 }, kl: { mean: 0, se: 0 }, sameTop: 1 },
    };
    return packedFolder("gptq", { "README.md": `---\n${JSON.stringify({ packed })}\n---\n` });
  };
  const folders = [packedIn(32), packedIn(64), packedIn(64)];
  const { forms } = await measureQuantised(config, config.output, ["Q8_0"], folders, () => {});
  expect(forms.map(({ type }) => type)).toEqual([
    ...["float32", "Q8_0", "GPTQ 4, group 32"],
    ...[`GPTQ 4, group 64 (${folders[1]})`, `GPTQ 4, group 64 (${folders[2]})`],
  ]);
  expect(forms[2]!.bytes).toBe(statSync("data/golden/packed/gptq/model.safetensors").size);
  expect(forms[2]!.kl.mean).toBeGreaterThan(10 * forms[1]!.kl.mean);
  await expect(measureQuantised(config, config.output, [], [packedFolder("awq")], () => {})).rejects.toThrow(
    "was not written by workbench pack",
  );
});
