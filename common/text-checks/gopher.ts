// Which texts Gopher was not trained on (Rae et al. 2021, tables A1 and section A.1.1), with the paper's thresholds. Rules are tried in
// datatrove's order and bear its names, so that the same text is left out for the same reason.
import { type Broken, broken, linesOf, repeatedAmong, share, wordsAndSigns } from "./pieces";

const isSign = (piece: string) => !/[^\p{P}\p{S}\p{Cc}]/u.test(piece);
const stopWords = new Set(["the", "be", "to", "of", "and", "that", "have", "with"]);
const endsInDots = (line: string) => /(\.\.\.|…)\s*$/.test(line);
const count = (text: string, piece: RegExp) => text.match(piece)?.length ?? 0;

/** The first rule of quality that a text breaks; null where it breaks none. */
export function gopherQuality(text: string): Broken | null {
  const pieces = wordsAndSigns(text);
  const words = pieces.filter((piece) => !isSign(piece));
  if (words.length < 50) return broken("gopher_short_doc", words.length);
  if (words.length > 100_000) return broken("gopher_long_doc", words.length);
  const meanLength = words.reduce((sum, { length }) => sum + length, 0) / words.length;
  if (meanLength < 3) return broken("gopher_below_avg_threshold", meanLength);
  if (meanLength > 10) return broken("gopher_above_avg_threshold", meanLength);
  const [hashes, dots] = [count(text, /#/g) / pieces.length, count(text, /\.\.\.|…/g) / pieces.length];
  if (hashes > 0.1) return broken("gopher_too_many_hashes", hashes);
  if (dots > 0.1) return broken("gopher_too_many_ellipsis", dots);
  const lines = linesOf(text);
  const [bullets, trailing] = [share(lines, (line) => /^\s*[•-]/.test(line)), share(lines, endsInDots)];
  if (bullets > 0.9) return broken("gopher_too_many_bullets", bullets);
  if (trailing > 0.3) return broken("gopher_too_many_end_ellipsis", trailing);
  const alphabetic = share(pieces, (piece) => /\p{L}/u.test(piece));
  if (alphabetic < 0.8) return broken("gopher_below_alpha_threshold", alphabetic);
  const stops = new Set(pieces.filter((piece) => stopWords.has(piece))).size;
  return stops < 2 ? broken("gopher_enough_stop_words", stops) : null;
}

/** Of a text's characters, at most so many may be of its most frequent n-gram, or of n-grams that come again. */
const mostFrequent = { 2: 0.2, 3: 0.18, 4: 0.16 };
const mostRepeated = { 5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.1 };
const limits = (of: Record<number, number>) => Object.entries(of).map(([n, most]) => [Number(n), most] as const);

/** The first rule of repetition that a text breaks; null where it breaks none. */
export function gopherRepetition(text: string): Broken | null {
  const [paragraphs, lines] = [text.trim().split(/\n{2,}/), text.split(/\n+/)];
  const again = { paragraphs: repeatedAmong(paragraphs), lines: repeatedAmong(lines) };
  const shares: [string, number, number][] = [
    ["dup_para_frac", again.paragraphs.count / paragraphs.length, 0.3],
    ["dup_para_char_frac", again.paragraphs.characters / text.length, 0.2],
    ["dup_line_frac", again.lines.count / lines.length, 0.3],
    ["dup_line_char_frac", again.lines.characters / text.length, 0.2],
  ];
  for (const [rule, found, most] of shares) if (found > most) return broken(rule, found);
  const pieces = wordsAndSigns(text);
  for (const [n, most] of limits(mostFrequent)) {
    const found = charactersOfMostFrequent(pieces, n) / text.length;
    if (found > most) return broken(`top_${n}_gram`, found);
  }
  for (const [n, most] of limits(mostRepeated)) {
    const found = charactersRepeated(pieces, n) / text.length;
    if (found > most) return broken(`duplicated_${n}_n_grams`, found);
  }
  return null;
}

function charactersOfMostFrequent(pieces: string[], n: number): number {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= pieces.length; i++) {
    const gram = pieces.slice(i, i + n).join(" ");
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  let best = ["", 0] as [string, number]; // the first of those that are equally frequent
  for (const entry of counts) if (entry[1] > best[1]) best = entry;
  return best[0].length * best[1];
}

/** Those that came before, none counted twice for another that overlaps it. */
function charactersRepeated(pieces: string[], n: number): number {
  const met = new Set<string>();
  let characters = 0;
  for (let i = 0; i + n <= pieces.length; ) {
    const gram = pieces.slice(i, i + n).join("");
    const again = met.has(gram);
    met.add(gram);
    if (again) characters += gram.length;
    i += again ? n : 1;
  }
  return characters;
}
