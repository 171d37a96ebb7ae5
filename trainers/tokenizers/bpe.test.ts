import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { PreTokenizerName } from "../models/pre-tokenizers";
import { chatTokenizer } from "../models/tokenizer";
import { byteAlphabet, trainBpe } from "./bpe";
import { bpeFiles, usualSpecials } from "./files";
import { countWords, cutter } from "./words";

const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const clauses = read("data/languages/clauses.json") as Record<string, { begins: string[]; ends: string[] }>;
const said = (code: string) =>
  clauses[code]!.begins.flatMap((begin) => clauses[code]!.ends.map((end) => `${begin} ${end}\n`));
const corpora = { all: Object.keys(clauses).flatMap(said), en: said("en") };
const sorted = byteAlphabet.toSorted();

const { made } = read("data/golden/tokenizers/trained-bpe.json") as {
  made: {
    pre: PreTokenizerName;
    corpus: keyof typeof corpora;
    size: number;
    least: number;
    merges: [string, string][];
  }[];
};
test.each(made)("merges are those of tokenizers 0.23.3, ties included: $pre, $corpus, $size", async (golden) => {
  const { counts } = await countWords(corpora[golden.corpus], cutter(golden.pre));
  const options = { vocabSize: golden.size, minFrequency: golden.least, ties: "ids" } as const;
  expect(trainBpe(counts, { initial: ["<|pad|>", ...sorted], ...options }).merges).toEqual(golden.merges);
});

test("merges the commonest pair first, and no pair that is rarer than asked", () => {
  // "ab" occurs 5 times, "bc" twice: ab is merged, then abc (2 left of it); "xy" occurs once
  const counts = new Map(Object.entries({ ab: 3, abc: 2, xy: 1 }));
  const { merges } = trainBpe(counts, { initial: sorted, vocabSize: 1000, minFrequency: 2, ties: "ids" });
  expect(merges).toEqual([
    ["a", "b"],
    ["ab", "c"],
  ]);
});

test("any text survives encoding and decoding, bytes it never saw included", async () => {
  const { counts } = await countWords(["the cat sat on the mat"], cutter("llama-bpe"));
  const initial = [...usualSpecials, ...sorted];
  const bpe = trainBpe(counts, { initial, vocabSize: 300, minFrequency: 2, ties: "ids" });
  const files = bpeFiles(bpe, usualSpecials, "llama-bpe");
  const { encode, decode } = chatTokenizer(files["tokenizer.json"], {
    ...{ specials: { eos: "<|im_end|>" }, template: null, ends: [], source: "it" },
  });
  for (const text of ["the cat", " naïve – 猫 🙂\n\n x", "the mat sat"]) expect(decode(encode(text))).toBe(text);
  expect(encode("at").length).toBe(1);
});
