import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine, perform } from "../../common/command-line";
import { file, scratch } from "../../test/program";
import { readTokenizer } from "../models/tokenizer";
import { commands } from "./all";

const trainOn = (...words: string[]) => perform(commandLine(commands), ["train-tokenizer", ...words]);
const text = file("text.txt", "the cat sat on the mat, the hat on the cat. ".repeat(4));

test("a tokenizer is made that the workbench reads, with its special tokens and a chat template", async () => {
  const out = join(scratch(), "tokenizer");
  expect(await trainOn(text, "--out", out, "--vocab", "270", "--special", "<think>", "</think>")).toBe(0);
  const { encode, conversation, show, pad, ends } = readTokenizer(out);
  expect(encode(" the<think>")).toEqual([expect.any(Number), 3]);
  expect([pad, [...ends]]).toEqual([0, [2]]);
  const turns = conversation([{ role: "user", content: "the cat" }], true)
    .map(show)
    .join("");
  expect(turns).toBe("<|im_start|>user\nthe cat<|im_end|>\n<|im_start|>assistant\n");
  expect(Object.keys(JSON.parse(readFileSync(join(out, "tokenizer.json"), "utf8")).model.vocab).length).toBe(270);
  expect(await trainOn(text, "--out", out, "--vocab", "280")).toBe(2); // there is one already
});

test("a Unigram tokenizer is made that the workbench reads", async () => {
  const out = join(scratch(), "tokenizer");
  expect(await trainOn(text, "--out", out, "--vocab", "370", "--kind", "unigram")).toBe(0);
  const { encode, decode, pad, ends } = readTokenizer(out);
  expect(encode(" the cat").length).toBe(2);
  expect(decode(encode(" the 猫"))).toBe(" the 猫"); // by its bytes
  expect([pad, [...ends]]).toEqual([0, [2]]);
});

test.each([
  ["a vocabulary of Unigram that has no room for bytes and characters", [text, "--vocab", "270", "--kind", "unigram"]],
  ["how often pairs occur where none are merged", [text, "--vocab", "370", "--kind=unigram", "--min-frequency", "2"]],
  ["a vocabulary that has no room for the bytes", [text, "--vocab", "258"]],
  ["a special token twice", [text, "--vocab", "300", "--special", "<a>", "<a>"]],
  ["a file that is not there", ["/nowhere.txt", "--vocab", "300"]],
  ["files without text", [file("empty.txt", ""), "--vocab", "300"]],
])("%s is refused", async (_, words) => {
  expect(await trainOn(...words, "--out", join(scratch(), "tokenizer"))).toBe(2);
});
