import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { choice, once, print, Refusal, say, wholeNumber } from "../../common/command-line";
import { type PreTokenizerName, preTokenizerNames } from "../models/pre-tokenizers";

interface Options {
  out: string;
  vocab: number;
  kind?: "bpe" | "unigram";
  preTokenizer?: PreTokenizerName;
  minFrequency?: number;
  special?: string[];
}

export const trainTokenizer = new Command("train-tokenizer")
  .description("a tokenizer made from texts: byte-level BPE, or Unigram with bytes for what is rare")
  .argument("<files...>", "plain text (.txt, .md) and rows in any layout that can be imported; folders of rows")
  .requiredOption("--out <folder>", "where it is written, in Hugging Face layout", once)
  .requiredOption("--vocab <number>", "of tokens, the special ones included", wholeNumber)
  .addOption(choice("--kind <name>", "bpe where it is not given", ["bpe", "unigram"]))
  .addOption(
    choice("--pre-tokenizer <name>", "where text is cut into words; gpt-2 where it is not given", preTokenizerNames),
  )
  .option("--min-frequency <number>", "of a pair that BPE merges; 2", wholeNumber)
  .option("--special <text...>", "special tokens beside those that pad and that stand around a turn")
  .action(async (files: string[], { out, vocab, kind = "bpe", ...options }: Options) => {
    if (existsSync(join(out, "tokenizer.json")))
      throw new Refusal(`${out} holds a tokenizer already; give a folder that does not`);
    if (kind === "unigram" && options.minFrequency !== undefined)
      throw new Refusal("--min-frequency is of pairs that BPE merges; Unigram merges none");
    const [{ train, writeTokenizer }, { textsOfFiles }] = await Promise.all([
      import("../tokenizers/train"),
      import("../tokenizers/texts"),
    ]);
    let skipped = 0;
    const texts = textsOfFiles(files, (reason) => {
      if (++skipped <= 10) say(`skipped: ${reason}`);
    });
    const { preTokenizer: pre = "gpt-2", special = [], minFrequency = 2 } = options;
    const asked = { kind, vocabSize: vocab, pre, minFrequency, special };
    const { files: written, ...made } = await train(texts, asked);
    writeTokenizer(out, written);
    if (made.vocabulary < vocab)
      say(`the texts give ${made.vocabulary} of ${vocab} tokens: nothing further repeats in them often enough`);
    print({ folder: out, ...made, skipped });
  });
