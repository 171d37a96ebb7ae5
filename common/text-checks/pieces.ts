// A text in the pieces that the rules for web text count: words, signs and sentences, parted as spaCy parts English ones.
const words = new Intl.Segmenter("en", { granularity: "word" });

/** "don't" is "do" and "n't". */
const contraction = /^(.+?)(n['’]t|['’](?:s|re|ve|ll|d|m))$/i;

/**
 * Where a letter or digit follows a blank, a word always begins (UAX 29). Parted there first, since the segmenter's time grows with the square
 * of a text's length: a page of 100,000 words would take half a minute.
 */
const beginnings = /(?<=\s)(?=[\p{L}\p{N}])/u;
const segments = (text: string) => text.split(beginnings).flatMap((part) => Array.from(words.segment(part)));

/** Words and signs; dots that stand together are one. */
export function wordsAndSigns(text: string): string[] {
  const pieces: string[] = [];
  let dots = false;
  for (const { segment } of segments(text)) {
    const goesOn = segment === "." && dots;
    dots = segment === ".";
    if (goesOn) pieces.push(`${pieces.pop()}.`);
    else if (segment.trim() !== "") pieces.push(...(contraction.exec(segment)?.slice(1) ?? [segment]));
  }
  return pieces;
}

const endsSentence = /^[.!?]$/;
const isPunctuation = (piece: string) => /^\p{P}+$/u.test(piece);

/** As spaCy's sentencizer counts them: a new one begins with the first word after a full stop, in whichever case. */
export function sentencesIn(text: string): number {
  const pieces = wordsAndSigns(text);
  let [count, isOver] = [Math.min(1, pieces.length), false];
  for (const piece of pieces)
    if (endsSentence.test(piece)) isOver = true;
    else if (isOver && !isPunctuation(piece)) {
      count++;
      isOver = false;
    }
  return count;
}

export const linesOf = (text: string): string[] => text.replace(/(\r\n|\n|\r)$/, "").split(/\r\n|\n|\r/);

/** How many come again, and their characters in all. */
export function repeatedAmong(pieces: string[]): { count: number; characters: number } {
  const met = new Set<string>();
  const again = pieces.filter((piece) => met.size === met.add(piece).size);
  return { count: again.length, characters: again.reduce((sum, { length }) => sum + length, 0) };
}

export const share = (pieces: string[], holds: (piece: string) => boolean): number =>
  pieces.filter(holds).length / pieces.length;

/** datatrove's name of a rule, and the number for which a text breaks it; null where nothing is counted. */
export interface Broken {
  rule: string;
  found: number | null;
}
export const broken = (rule: string, found: number | null = null): Broken => ({ rule, found });
