// A tiny model of each family in a GGUF file that llama.cpp's own converter made, against Transformers and sentencepiece:
// data/golden/gguf/make-gguf.py made the files and what is expected.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { tf } from "../../engine/tensorflow";
import { tokenBatch } from "../../inference/batches";
import { sequenceLogProbs } from "../../inference/policy";
import type { RopeScaling } from "../config";
import { weightShapes } from "../families";
import { loadModel, readModel } from "../load";
import { readGguf } from "./gguf";
import { tokenizerFromGguf } from "./gguf-tokenizer";
import { writeGguf } from "./gguf-write";

const golden = "data/golden/gguf";
interface Expected {
  prompt: number[];
  answers: [number[], number[]];
  /** Of the answers after the prompt, in nats. */
  logProbs: [number, number];
  /** Of each text, without tokens around it. */
  ids: number[][];
}
const {
  versions: _,
  texts,
  ...families
} = JSON.parse(readFileSync(join(golden, "expected.json"), "utf8")) as {
  versions: object;
  texts: string[];
} & Record<string, Expected>;
const names = Object.keys(families);

function fileOf(name: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), `${name}.gguf`);
  writeFileSync(path, gunzipSync(readFileSync(join(golden, `${name}.gguf.gz`))));
  return path;
}

async function logProbs(source: string, { prompt, answers }: Expected): Promise<number[]> {
  const { model } = await loadModel({ source, dtype: "float32" });
  const rows = answers.map((answer) => ({
    input_ids: [...prompt, ...answer],
    completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
  }));
  return tf.tidy(() => [...sequenceLogProbs(model, null, tokenBatch([rows], 0)).dataSync()]);
}

test.each(names)("DB: llama.cpp's file of %s gives Transformers' log-probabilities", async (name) => {
  const expected = families[name]!;
  const found = await logProbs(fileOf(name), expected);
  expected.logProbs.forEach((value, i) => {
    expect(Math.abs(found[i]! / value - 1)).toBeLessThan(1e-5);
  });
});

test.each(names)("DB: llama.cpp's file of %s gives the ids of its own tokenizer, and text back", async (name) => {
  const { tokenizer } = await readModel(fileOf(name));
  for (const [i, text] of texts.entries()) {
    const ids = families[name]!.ids[i]!;
    expect(tokenizer.encode(text), text).toEqual(ids);
    if (!/<\/?s>/.test(text)) expect(tokenizer.decode(ids)).toBe(text);
  }
});

/** Logarithms of what the files hold: each time rounded to float32. */
const expectNear = (found: Float32Array, wanted: Float32Array) =>
  found.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThan(2e-7);
  });

test.each(names)(
  "DB: %s out of its file and into one of ours is the same model with the same tokenizer",
  async (name) => {
    const before = await readModel(fileOf(name));
    const again = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "again.gguf");
    writeGguf(again, "again", before, "F16");
    const after = await readModel(again);
    expect(after.config).toEqual(before.config);
    for (const [name, shape] of Object.entries(weightShapes(before.config))) {
      const [found, wanted] = [after.host.get(name)!, before.host.get(name)!];
      if (name.endsWith(".A_log")) expectNear(found.data, wanted.data);
      else expect(found.data, name).toEqual(wanted.data);
      expect(found.shape).toEqual(shape);
    }
    const { "tokenizer.huggingface.json": _, ...terms } = (await readGguf(again)).metadata;
    const { tokenizer } = tokenizerFromGguf(terms, again);
    for (const [i, text] of texts.entries()) expect(tokenizer.encode(text), text).toEqual(families[name]!.ids[i]);
  },
);

test("DB: what llama.cpp would compute otherwise is not written", async () => {
  const [files, phi3] = await Promise.all([readModel(fileOf("gemma2")), readModel(fileOf("phi3"))]);
  const write = (config: Partial<typeof files.config>, source = files) =>
    writeGguf("nowhere.gguf", "x", { ...source, config: { ...source.config, ...config } }, "F16");
  expect(() => write({ windows: [null, 7] })).toThrow(
    /GGUF's gemma2 cannot say windows \[null,7\]: llama\.cpp would take \[7,null\]/,
  );
  expect(() => write({ attentionScale: 0.5 })).toThrow(/cannot say attentionScale 0\.5/);
  const longRope: RopeScaling = { type: "longrope", shortFactors: [1], longFactors: [2], originalContext: 8, scale: 1 };
  expect(() => write({ ropeScaling: longRope })).toThrow(/GGUF's gemma2 cannot say ropeScaling "longrope"/);
  const llama3 = { type: "llama3", factor: 8, lowFactor: 1, highFactor: 4, originalContext: 64 } as const;
  expect(() => write({ ropeScaling: llama3 }, phi3)).toThrow(/GGUF's phi3 cannot say ropeScaling "llama3"/);
  const mistral = await readModel(fileOf("mistral"));
  expect(() => write({ windows: [9, 9] }, mistral)).toThrow(/GGUF's llama cannot say windows \[9,9\]: .* none/);
  const of = async (name: string) => readModel(fileOf(name));
  const [gpt2, neox, olmoe, qwen3Moe] = await Promise.all(["gpt2", "gpt-neox", "olmoe", "qwen3-moe"].map(of));
  expect(() => write({ activation: "relu" }, gpt2)).toThrow(
    /gpt2 cannot say activation "relu": .* "gelu_pytorch_tanh"/,
  );
  expect(() => write({ attentionScale: 1 }, gpt2)).toThrow(/gpt2 cannot say attentionScale 1/);
  expect(() => write({ tiedEmbeddings: true }, neox)).toThrow(/gptneox has a head of its own/);
  expect(() => write({ tiedEmbeddings: true }, olmoe)).toThrow(/olmoe has a head of its own/);
  const [bloom, mamba, mamba2] = await Promise.all(["bloom", "mamba", "mamba2"].map(of));
  expect(() => write({ activation: "gelu" }, bloom)).toThrow(/bloom cannot say activation "gelu"/);
  expect(() => write({ activation: "relu" }, mamba)).toThrow(/mamba cannot say activation "relu": .* "silu"/);
  expect(() => write({ biases: ["mixer.in_proj", "mixer.out_proj"] }, mamba2)).toThrow(/mamba2 cannot say biases/);
  const noBias = { ...mamba2!.config.stateSpace!, convolutionBias: false };
  expect(() => write({ stateSpace: noBias }, mamba2)).toThrow(/mamba2 cannot say stateSpace .*"convolutionBias":false/);
  expect(() => write({ intermediateSize: 48 }, mamba)).toThrow(
    /ssm.inner_size 48 is not supported for embedding_length 32/,
  );
  const { mixture } = qwen3Moe!.config;
  expect(() => write({ mixture: { ...mixture!, normalised: false } }, qwen3Moe)).toThrow(/qwen3moe cannot say mixture/);
});
