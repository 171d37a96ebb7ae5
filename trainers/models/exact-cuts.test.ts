// Texts are cut as tokenizers 0.23 cuts them (data/golden/tokenizers/make-tokenizers.py).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withUnicodeSpaces } from "./exact-cuts";
import { chatTokenizer } from "./tokenizer";

interface Golden {
  rows: string[];
  tokenizers: Record<string, { tokenizer: object; ids: number[][] }>;
}
const golden = JSON.parse(readFileSync("data/golden/tokenizers/tokenizers.json", "utf8")) as Golden;

test.each(Object.entries(golden.tokenizers))(
  "ids of hard texts are those of tokenizers: %s",
  (_, { tokenizer, ids }) => {
    const first = (tokenizer as { added_tokens: { content: string }[] }).added_tokens[0]!.content;
    const { encode } = chatTokenizer(tokenizer, { specials: { eos: first }, template: null, ends: [], source: "it" });
    for (const [i, row] of golden.rows.entries()) expect([row, encode(row)]).toEqual([row, ids[i]]);
  },
);

test("white space is written out within brackets and outside, and escaped backslashes are left alone", () => {
  expect(withUnicodeSpaces("a\\\\s")).toBe("a\\\\s");
  expect(new RegExp(`^${withUnicodeSpaces("[^\\s]\\s\\S")}$`, "u").test("\ufeff\u0085\ufeff")).toBe(true);
  expect(new RegExp(`^${withUnicodeSpaces("[a\\s]\\S")}$`, "u").test("\u0085\u0085")).toBe(false);
});

test("added tokens that are to match whole words only are refused", () => {
  const { tokenizer } = golden.tokenizers.gpt2!;
  const added = {
    id: 9999,
    content: "word",
    single_word: true,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: false,
  };
  const json = { ...tokenizer, added_tokens: [added] };
  const make = () => chatTokenizer(json, { specials: { eos: "word" }, template: null, ends: [], source: "it" });
  expect(make).toThrow('the added token "word" is to match whole words only');
});
