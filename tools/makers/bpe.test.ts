import { Tokenizer } from "@huggingface/tokenizers";
import { expect, test } from "vitest";
import { tokenizerFiles, trainBpe } from "./bpe";

const specials: [string, string, string] = ["<pad>", "<s>", "</s>"];

test("merges the commonest pair first", () => {
  // "ab" occurs 5 times, "bc" twice: ab is merged, then abc (2 left of it)
  const { merges } = trainBpe(["ab", "ab", "ab", "abc", "abc"], specials, 1000);
  expect(merges).toEqual([
    ["a", "b"],
    ["ab", "c"],
  ]);
});

test("any text survives encoding and decoding, bytes it never saw included", () => {
  const files = tokenizerFiles(trainBpe(["the cat sat on the mat"], specials, 300), specials);
  const tokenizer = new Tokenizer(files["tokenizer.json"], files["tokenizer_config.json"]);
  for (const text of ["the cat", " naïve – 猫 🙂\n\n x", "the mat sat"])
    expect(tokenizer.decode(tokenizer.encode(text, { add_special_tokens: false }).ids)).toBe(text);
});
