// A text in the pieces that the rules for web text count: words, signs and sentences, parted as spaCy parts English ones.
const words = new Intl.Segmenter("en", { granularity: "word" });
const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/** "don't" is "do" and "n't". */
const contraction = /^(.+?)(n['’]t|['’](?:s|re|ve|ll|d|m))$/i;

/** Words and signs; dots that stand together are one. */
export function wordsAndSigns(text: string): string[] {
  const pieces: string[] = [];
  let dots = false;
  for (const { segment } of words.segment(text)) {
    const goesOn = segment === "." && dots;
    dots = segment === ".";
    if (goesOn) pieces.push(`${pieces.pop()}.`);
    else if (segment.trim() !== "") pieces.push(...(contraction.exec(segment)?.slice(1) ?? [segment]));
  }
  return pieces;
}

export const sentencesIn = (text: string): number =>
  Array.from(sentences.segment(text)).filter(({ segment }) => segment.trim() !== "").length;

export const linesOf = (text: string): string[] => text.replace(/(\r\n|\n|\r)$/, "").split(/\r\n|\n|\r/);

/** How many come again, and their characters in all. */
export function repeatedAmong(pieces: string[]): { count: number; characters: number } {
  const met = new Set<string>();
  const again = pieces.filter((piece) => met.size === met.add(piece).size);
  return { count: again.length, characters: again.reduce((sum, { length }) => sum + length, 0) };
}

export const share = (pieces: string[], holds: (piece: string) => boolean): number =>
  pieces.filter(holds).length / pieces.length;
