// A tokenizer from texts, as `workbench train-tokenizer` makes it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../common/command-line";
import type { PreTokenizerName } from "../models/pre-tokenizers";
import { byteAlphabet, trainBpe } from "./bpe";
import { bpeFiles, type Specials, usualSpecials } from "./files";
import { countWords, cutter } from "./words";

interface Asked {
  vocabSize: number;
  pre: PreTokenizerName;
  minFrequency: number;
  /** Beside the usual ones. */
  special: string[];
}

export async function train(texts: AsyncIterable<string>, { vocabSize, pre, minFrequency, special }: Asked) {
  const specials: Specials = [...usualSpecials, ...special];
  const twice = specials.find((token, i) => token === "" || specials.indexOf(token) < i);
  if (twice !== undefined) throw new Refusal(`the special token ${JSON.stringify(twice)} is empty or there already`);
  const initial = [...specials, ...byteAlphabet.toSorted()];
  if (vocabSize < initial.length)
    throw new Refusal(
      `--vocab ${vocabSize} is less than the ${initial.length} tokens that there are before any is learnt: 256 bytes and ${specials.length} special tokens`,
    );
  const { counts, characters } = await countWords(texts, cutter(pre));
  if (counts.size === 0) throw new Refusal("the files hold no text");
  const bpe = trainBpe(counts, { initial, vocabSize, minFrequency, ties: "ids" });
  const vocabulary = Object.keys(bpe.vocab).length;
  return { files: bpeFiles(bpe, specials, pre), vocabulary, words: counts.size, characters };
}

export function writeTokenizer(folder: string, files: Record<string, object>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, json] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(json));
}
