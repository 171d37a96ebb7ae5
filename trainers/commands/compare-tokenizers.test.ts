import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { commandLine, perform } from "../../common/command-line";
import { file, scratch } from "../../test/program";
import { readModel } from "../models/load";
import { commands } from "./all";

let out = "";
beforeEach(() => {
  out = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
});
afterEach(() => void vi.restoreAllMocks());

const workbench = (...words: string[]) => perform(commandLine(commands), words);
const printed = () =>
  out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("tokenizers are compared by what rows take in each language, and by their share of a model", async () => {
  const english = "The old clock in the hall has stopped, and nobody knows how to repair it.";
  const german = "Die alte Uhr im Flur ist stehen geblieben, und niemand weiß, wie man sie repariert.";
  const rows = file("rows.jsonl", [english, german, english].map((text) => JSON.stringify({ text })).join("\n"));
  const folder = join(scratch(), "bytes");
  expect(await workbench("train-tokenizer", rows, "--vocab", "259", "--out", folder)).toBe(0);
  out = "";
  expect(await workbench("compare-tokenizers", folder, "tiny", "--on", rows, "--in", "tiny")).toBe(0);
  const [bytes, tiny] = printed();

  // every byte is a token, and ß, which German has once, is two
  const characters = 2 * english.length + german.length;
  expect(bytes).toMatchObject({ tokenizer: folder, vocabulary: 259, characters, tokens: characters + 1, rows: 3 });
  expect(bytes.tokensPerRow).toBeCloseTo((characters + 1) / 3, 10);
  expect(bytes.languages).toEqual([
    { language: "en", characters: 2 * english.length, tokens: 2 * english.length, charactersPerToken: 1 },
    {
      ...{ language: "de", characters: german.length, tokens: german.length + 1 },
      charactersPerToken: german.length / (german.length + 1),
    },
  ]);

  // tiny has one matrix for embedding and head, of 671 rows of 160; all else stays where there are 259
  const { tokenizer, config } = await readModel("tiny");
  expect([config.tiedEmbeddings, config.vocabSize, config.hiddenSize]).toEqual([true, 671, 160]);
  expect(tiny.tokens).toBe([english, german, english].reduce((sum, text) => sum + tokenizer.encode(text).length, 0));
  const [own, others] = [671 * 160, (671 * 160) / tiny.embeddingShare - 671 * 160];
  expect(own / (own + others)).toBeCloseTo(tiny.embeddingShare, 12);
  expect(bytes.embeddingShare).toBeCloseTo((259 * 160) / (259 * 160 + others), 12);
});

test("the same clauses in 20 languages are what is counted where no files are given", async () => {
  expect(await workbench("compare-tokenizers", "tiny")).toBe(0);
  const [tiny] = printed();
  expect(tiny.languages.length).toBe(20);
  expect(tiny.rows).toBe(0);
});

test("what is no tokenizer is refused by its name", async () => {
  expect(await workbench("compare-tokenizers", "/nowhere")).toBe(2);
  expect(out).toBe("");
});
