import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { choice, once, print, Refusal, say, wholeNumber } from "../../common/command-line";
import { type PreTokenizerName, preTokenizerNames } from "../models/pre-tokenizers";

interface Options {
  out: string;
  vocab: number;
  preTokenizer?: PreTokenizerName;
  minFrequency?: number;
  special?: string[];
}

export const trainTokenizer = new Command("train-tokenizer")
  .description("a tokenizer made from texts by byte-level BPE")
  .argument("<files...>", "plain text (.txt, .md) and rows in any layout that can be imported; folders of rows")
  .requiredOption("--out <folder>", "where it is written, in Hugging Face layout", once)
  .requiredOption("--vocab <number>", "of tokens, the special ones included", wholeNumber)
  .addOption(
    choice("--pre-tokenizer <name>", "where text is cut into words; gpt-2 where it is not given", preTokenizerNames),
  )
  .option("--min-frequency <number>", "of a pair that is merged; 2", wholeNumber)
  .option("--special <text...>", "special tokens beside those that pad and that stand around a turn")
  .action(async (files: string[], { out, vocab, preTokenizer: pre = "gpt-2", ...options }: Options) => {
    if (existsSync(join(out, "tokenizer.json")))
      throw new Refusal(`${out} holds a tokenizer already; give a folder that does not`);
    const [{ train, writeTokenizer }, { textsOfFiles }] = await Promise.all([
      import("../tokenizers/train"),
      import("../tokenizers/texts"),
    ]);
    let skipped = 0;
    const texts = textsOfFiles(files, (reason) => {
      if (++skipped <= 10) say(`skipped: ${reason}`);
    });
    const { special = [], minFrequency = 2 } = options;
    const { files: written, ...made } = await train(texts, { vocabSize: vocab, pre, minFrequency, special });
    writeTokenizer(out, written);
    if (made.vocabulary < vocab)
      say(`the texts give ${made.vocabulary} of ${vocab} tokens: no further pair occurs ${minFrequency} times`);
    print({ folder: out, ...made, skipped });
  });
