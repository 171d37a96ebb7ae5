// Unigram tokenizers, trained here and by tokenizers 0.23.3, read as that reads them (data/golden/tokenizers/make-trained.py).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { chatTokenizer } from "../models/tokenizer";
import { train } from "./train";

const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const { rows } = read("data/golden/tokenizers/tokenizers.json") as { rows: string[] };
type Vocabulary = [token: string, score: number][];
const { made } = read("data/golden/tokenizers/trained-unigram.json") as {
  made: Record<string, { tokenizer: { model: { vocab: Vocabulary } }; ids: number[][] }>;
};
const clauses = read("data/languages/clauses.json") as Record<string, { begins: string[]; ends: string[] }>;
async function* textsIn(languages: string[]) {
  for (const { begins, ends } of languages.map((code) => clauses[code]!))
    for (const begin of begins) for (const end of ends) yield `${begin} ${end}\n`;
}
const tokenizerOf = (json: object, eos: string) =>
  chatTokenizer(json, { specials: { eos }, template: null, ends: [], source: "it" });

test.each(Object.entries(made))("ids of hard texts are those of tokenizers: Unigram, %s", (name, golden) => {
  const { encode } = tokenizerOf(golden.tokenizer, name === "ours" ? "<|im_end|>" : "</s>");
  for (const [i, row] of rows.entries()) expect([row, encode(row)]).toEqual([row, golden.ids[i]]);
});

test("the same texts give the same Unigram tokenizer, and any text but its mark of a space survives it", async () => {
  const asked = { kind: "unigram", vocabSize: 1200, pre: "llama-bpe", minFrequency: 2, special: [] } as const;
  const { files, vocabulary } = await train(textsIn(Object.keys(clauses)), { ...asked, special: [] });
  const { vocab, ...model } = files["tokenizer.json"].model as { vocab: Vocabulary };
  const { vocab: golden, ...goldenModel } = made.ours!.tokenizer.model;
  expect(vocabulary).toBe(1200);
  expect(model).toEqual(goldenModel);
  expect(vocab.map(([token]) => token)).toEqual(golden.map(([token]) => token));
  for (const [i, [, score]] of vocab.entries()) expect(score).toBeCloseTo(golden[i]![1], 9);
  const { encode, decode } = tokenizerOf(files["tokenizer.json"], "<|im_end|>");
  // U+FEFF of byte tokens is dropped by the decoder of @huggingface/tokenizers 0.2.0
  for (const row of rows.filter((one) => !/▁|<\||\ufeff|[\u{d800}-\u{dfff}]/u.test(one)))
    expect(decode(encode(row))).toBe(row);
  expect(decode(encode("a <0x41> b"))).toBe("a <0x41> b");
});
