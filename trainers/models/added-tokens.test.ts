// Tokens that a model did not have: as Transformers 5.23.0 adds them (data/golden/make-added-tokens.py), trained, merged and in a GGUF file.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine, perform } from "../../common/command-line";
import { adapterSteps, far } from "../../test/adapter-steps";
import { writeFamilyFolder } from "../../test/family-models";
import { configOf, trained } from "../../test/stopped-runs";
import { writeModel } from "../adapters/merge";
import { commands } from "../commands/all";
import { readPolicy, tunedFiles } from "../inference/frozen-policy";
import { withTokens } from "./added-tokens";
import { writeGguf } from "./formats/gguf-write";
import { readSafetensors } from "./formats/safetensors";
import { loadModel, readModel } from "./load";
import { nextId } from "./token-ids";

const source = "data/golden/trajectories/model";
type Said = { text: string; ids: number[]; logProbs: number[] }[];
const { tokens, vocabulary, said, padded } = JSON.parse(readFileSync("data/golden/added-tokens.json", "utf8")) as {
  tokens: string[];
  vocabulary: number;
  said: Said;
  padded: { rows: number; said: Said };
};
const temporary = (name = "test") => mkdtempSync(join(process.env.KEEP ?? tmpdir(), `workbench-${name}-`));
async function extended(from = source): Promise<string> {
  const folder = join(temporary("tokens"), "model");
  expect(await perform(commandLine(commands), ["add-tokens", from, folder, "--tokens", ...tokens])).toBe(0);
  return folder;
}

test("a model with two more tokens reads and says what Transformers' does, from its folder and from a GGUF file", async () => {
  const folder = await extended();
  const file = join(folder, "..", "model.gguf");
  writeGguf(file, "x", await readModel(folder), "F16");
  for (const from of [folder, file]) {
    const { model, tokenizer } = await loadModel({ source: from, dtype: "float32" });
    expect(model.config.vocabSize).toBe(vocabulary);
    for (const { text, ids, logProbs } of said) {
      expect(tokenizer.encode(text)).toEqual(ids);
      expect(tokenizer.decode(ids)).toBe(text);
      expect(far(adapterSteps(ids).say(model, null), logProbs)).toBeLessThan(from === file ? 2e-2 : 1e-5);
    }
  }
});

/** The model with rows to spare, each of them twice one that a token has. */
async function withSpareRows(): Promise<string> {
  const files = await readModel(source);
  const json = { ...JSON.parse(files.companions()["config.json"]!), vocab_size: padded.rows };
  const before = vocabulary - tokens.length;
  const folder = temporary("padded");
  writeModel(
    folder,
    {
      ...files,
      config: { ...files.config, vocabSize: padded.rows },
      companions: () => ({ ...files.companions(), "config.json": JSON.stringify(json) }),
      host: {
        get(name) {
          const found = files.host.get(name);
          if (name !== "model.embed_tokens.weight") return found;
          const d = found!.shape[1]!;
          const data = new Float32Array(padded.rows * d);
          data.set(found!.data);
          for (let i = before * d; i < data.length; i++) data[i] = 2 * data[i - before * d]!;
          return { shape: [padded.rows, d], data };
        },
      },
    },
    "float32",
  );
  return folder;
}

test("of a matrix with rows to spare the tokens take the first, and the others stay", async () => {
  const { model, tokenizer } = await loadModel({ source: await extended(await withSpareRows()), dtype: "float32" });
  expect(model.config.vocabSize).toBe(padded.rows);
  for (const { text, ids, logProbs } of padded.said) {
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(far(adapterSteps(ids).say(model, null), logProbs)).toBeLessThan(1e-5);
  }
});

test("their rows are trained beside a LoRA, and stay where it is merged", async () => {
  const folder = await extended();
  const rows = join(folder, "..", "rows.jsonl");
  const row = { prompt: "What is long?", completion: "<think>Time.</think>A day." };
  writeFileSync(rows, `${JSON.stringify(row)}\n`.repeat(4));
  const run = configOf({
    ...{ method: "sft", model: { source: folder }, data: { train: rows }, batchSize: 2, maxSteps: 4 },
    adapter: { rank: 4, alpha: 8, modulesToSave: ["embed_tokens", "lm_head"] },
    optimizer: { learningRate: 1e-2 },
  });
  const { losses } = await trained(run);
  expect(losses.get(4)!).toBeLessThan(losses.get(1)! - 0.1);
  const [before, after] = [await readModel(folder), readSafetensors(join(run.output, "adapter_model.safetensors"))];
  const start = before.host.get("model.embed_tokens.weight")!;
  const [d, first] = [start.shape[1]!, vocabulary - tokens.length];
  for (const name of ["model.embed_tokens.weight", "lm_head.weight"]) {
    const { shape, data } = after.get(`base_model.model.${name}`)!;
    expect(shape).toEqual([vocabulary, d]);
    expect(data.subarray(first * d), name).not.toEqual(start.data.subarray(first * d));
  }
  const merged = join(folder, "..", "merged");
  writeModel(merged, await tunedFiles(folder, run.output), "float32");
  const [base, whole] = [
    await loadModel({ source: folder, dtype: "float32" }),
    await loadModel({ source: merged, dtype: "float32" }),
  ];
  const { adapter } = await readPolicy(run.output, base.model);
  const ids = whole.tokenizer.encode(row.completion);
  expect(ids).toContain(first);
  const { say } = adapterSteps(ids);
  expect(far(say(whole.model, null), say(base.model, adapter))).toBeLessThan(1e-5);
});

test("rows that fill up a matrix are taken first, and each matrix has its own mean", async () => {
  const folder = temporary();
  const { config } = JSON.parse(readFileSync("data/golden/families/mistral.json", "utf8"));
  writeFamilyFolder(folder, { ...config, vocab_size: 513 });
  const before = await readModel(folder);
  const after = withTokens(before, tokens, "all");
  expect([before.config.vocabSize, after.config.vocabSize]).toEqual([513, 514]);
  for (const name of ["model.embed_tokens.weight", "lm_head.weight"]) {
    const { shape, data } = after.host.get(name)!;
    const [rows, d] = shape as [number, number];
    expect(rows).toBe(514);
    expect(data.subarray(0, 512 * d)).toEqual(before.host.get(name)!.data.subarray(0, 512 * d));
    let sum = 0; // of the first column
    for (let row = 0; row < 512; row++) sum += data[row * d]!;
    for (const row of [512, 513]) expect(data[row * d]!).toBeCloseTo(sum / 512, 6);
  }
});

test("as the mean of their pieces, a sentence without them has the log-probabilities that it had, but for what the new ones take", async () => {
  const before = await readModel(source);
  const after = withTokens(before, tokens, "pieces");
  const d = before.config.hiddenSize;
  const rows = ({ host }: typeof before) => host.get("model.embed_tokens.weight")!.data;
  const pieces = before.tokenizer.encode(tokens[0]!);
  expect(pieces.length).toBeGreaterThan(1);
  const sum = pieces.reduce((total, id) => total + rows(before)[id * d]!, 0);
  expect(rows(after)[(vocabulary - tokens.length) * d]).toBeCloseTo(sum / pieces.length, 6);

  const folder = join(temporary(), "model");
  const words = ["add-tokens", source, folder, "--mean-of", "pieces", "--tokens", ...tokens];
  expect(await perform(commandLine(commands), words)).toBe(0);
  const [old, grown] = [
    await loadModel({ source, dtype: "float32" }),
    await loadModel({ source: folder, dtype: "float32" }),
  ];
  const ids = old.tokenizer.encode("A long day of work.");
  expect(grown.tokenizer.encode("A long day of work.")).toEqual(ids);
  const [was, is] = [old, grown].map(({ model }) => adapterSteps(ids).say(model, null)) as [number[], number[]];
  const taken = ids.slice(1).map((_, t) =>
    tokens.reduce((total, token) => {
      const instead = [...ids.slice(0, t + 1), ...grown.tokenizer.encode(token)];
      return total + Math.exp(adapterSteps(instead).say(grown.model, null).at(-1)!);
    }, 0),
  );
  expect(Math.max(...taken)).toBeGreaterThan(1e-4);
  expect(
    far(
      is.map((logProb, t) => logProb - Math.log1p(-taken[t]!)),
      was,
    ),
  ).toBeLessThan(1e-5);
});

test("a vocabulary of any size can be added to", () => {
  // as large as Gemma's; the values of a list that long cannot all be arguments of a function
  const ids = new Map(Array.from({ length: 262_144 }, (_, id) => [`token ${id}`, id]));
  expect(nextId(ids)).toBe(262_144);
});

test("what is a token already, is named twice or is not read as one token is refused", async () => {
  const files = await readModel(source);
  expect(() => withTokens(files, ["<|im_end|>"], "all")).toThrow(/"<\|im_end\|>" is a token already \(2\)/);
  expect(() => withTokens(files, ["<a>", "<a>"], "all")).toThrow(/"<a>" is a token already \(named twice\)/);
  expect(() => withTokens(files, [""], "all")).toThrow(/"" is not read as one token but as none/);
});
