// Texts that hold a piece of what a model is to be tested with. As datatrove does it: twelve words in a row, whatever their case, accents,
// punctuation and numbers, of a question, of its answer, or of where one goes over into the other.
import { wordsOf } from "../words";

const length = 12;

/** What is to stay unseen. */
export interface Tested {
  prompt: string;
  answer: string;
}

export function piecesOf(tests: Iterable<Tested>): Set<string> {
  const pieces = new Set<string>();
  for (const { prompt, answer } of tests)
    for (const piece of grams([...simplified(prompt), ...simplified(answer)])) pieces.add(piece);
  return pieces;
}

/** The first piece that a text shares with them; null where it shares none. */
export function sharedPiece(text: string, pieces: ReadonlySet<string>): string | null {
  for (const piece of grams(simplified(text))) if (pieces.has(piece)) return piece;
  return null;
}

const simplified = (text: string): string[] =>
  wordsOf(
    text
      .toLowerCase()
      .replace(/[\p{P}\p{S}]/gu, "")
      .normalize("NFD")
      .replace(/\p{Mn}/gu, "")
      .replace(/\p{Nd}+/gu, "0"),
  );

function* grams(words: string[]): Generator<string> {
  for (let i = 0; i + length <= words.length; i++) yield words.slice(i, i + length).join(" ");
}
