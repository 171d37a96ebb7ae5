// A tokenizer from texts, as `workbench train-tokenizer` makes it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../common/command-line";
import type { PreTokenizerName } from "../models/pre-tokenizers";
import { byteAlphabet, trainBpe } from "./bpe";
import { commonCharacters, withinAlphabet } from "./characters";
import { beforePieces, bpeFiles, type Specials, spaceMark, unigramFiles, usualSpecials } from "./files";
import { trainUnigram } from "./unigram";
import { countWords, cutter } from "./words";

interface Asked {
  kind: "bpe" | "unigram";
  vocabSize: number;
  pre: PreTokenizerName;
  /** Of BPE. */
  minFrequency: number;
  /** Beside the usual ones. */
  special: string[];
}

export async function train(texts: AsyncIterable<string>, asked: Asked) {
  const specials: Specials = [...usualSpecials, ...asked.special];
  const twice = specials.find((token, i) => token === "" || specials.indexOf(token) < i);
  if (twice !== undefined) throw new Refusal(`the special token ${JSON.stringify(twice)} is empty or there already`);
  return asked.kind === "bpe" ? await trainedBpe(texts, specials, asked) : await trainedUnigram(texts, specials, asked);
}

async function trainedBpe(texts: AsyncIterable<string>, specials: Specials, { vocabSize, pre, minFrequency }: Asked) {
  const initial = [...specials, ...byteAlphabet.toSorted()];
  requireRoom(vocabSize, initial.length, "bytes and special tokens");
  const { counts, characters } = await wordsIn(texts, cutter(pre));
  const bpe = trainBpe(counts, { initial, vocabSize, minFrequency, ties: "ids" });
  const vocabulary = Object.keys(bpe.vocab).length;
  return { files: bpeFiles(bpe, specials, pre), vocabulary, words: counts.size, characters };
}

async function trainedUnigram(texts: AsyncIterable<string>, specials: Specials, { vocabSize, pre }: Asked) {
  const cut = cutter(pre);
  const { counts, characters } = await wordsIn(texts, (text) =>
    cut(text).map((word) => word.replaceAll(" ", spaceMark)),
  );
  const alphabet = commonCharacters(counts);
  const before = beforePieces(specials).length;
  requireRoom(vocabSize, before + alphabet.length, "characters of the texts, bytes and special tokens");
  const pieces = trainUnigram(withinAlphabet(counts, alphabet), alphabet, vocabSize - before);
  const files = unigramFiles(pieces, specials, pre);
  return { files, vocabulary: before + pieces.length, words: counts.size, characters };
}

function requireRoom(vocabSize: number, least: number, what: string): void {
  if (vocabSize < least)
    throw new Refusal(`--vocab ${vocabSize} is less than the ${least} tokens that there are at least: ${what}`);
}

async function wordsIn(texts: AsyncIterable<string>, cut: (text: string) => string[]) {
  const found = await countWords(texts, cut);
  if (found.counts.size === 0) throw new Refusal("the files hold no text");
  return found;
}

export function writeTokenizer(folder: string, files: Record<string, object>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, json] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(json));
}
