// The language of a text, by eld, which tells sixty by the frequency of their pieces: of the libraries that run here it is the most often right
// (data/languages/compare.mjs). It takes 200 MB, so that only processes of their own look for languages.
import { eld } from "eld/medium";

export interface Told {
  /** ISO 639-1. */
  language: string;
  /** Of each language that the text may be in, up to 1. */
  scores: Record<string, number>;
}

/** More of a text tells no more. */
const readCharacters = 600;

/** Null where nothing can be told, as of numbers. */
export function languageOf(text: string): Told | null {
  const told = eld.detect(text.slice(0, readCharacters));
  return told.language === "" ? null : { language: told.language, scores: told.getScores() };
}
