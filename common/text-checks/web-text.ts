// Which pages C4 (Raffel et al. 2020) and FineWeb (Penedo et al. 2024) leave out, with their thresholds. Rules are tried in datatrove's order
// and bear its names, so that the same text is left out for the same reason. C4's bad words are in bad-words.ts.
import { type Broken, broken, linesOf, repeatedAmong, sentencesIn, share, wordsAndSigns } from "./pieces";

const policies = /terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies/i;
const endsSentence = /[.?!"']$/;

/** Null where enough sentences remain once lines that are none are gone. */
export function c4Quality(text: string): Broken | null {
  let sentences = 0;
  for (const given of linesOf(text)) {
    const words = given.trim().split(/\s+/);
    const line = given.trim().replace(/\[\d*\]|\[edit\]|\[citation needed\]/g, "");
    const isSentence = endsSentence.test(line) && !line.endsWith("...");
    if (words.some(({ length }) => length > 1000) || !isSentence || words.length < 3) continue;
    if (/lorem ipsum/i.test(line)) return broken("lorem_ipsum");
    if (/javascript/i.test(line)) continue;
    if (line.includes("{")) return broken("curly_bracket");
    if (!policies.test(line)) sentences += sentencesIn(line);
  }
  return sentences < 5 ? broken("too_few_sentences", sentences) : null;
}

export function fineWebQuality(text: string): Broken | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) return broken("empty");
  const ended = share(lines, (line) => endsSentence.test(line));
  if (ended < 0.12) return broken("line_punct_ratio", ended);
  const short = share(lines, ({ length }) => length <= 30);
  if (short > 0.67) return broken("short_line_ratio", short);
  const repeated = repeatedAmong(lines).characters / text.replaceAll("\n", "").length;
  if (repeated > 0.01) return broken("char_dup_ratio", repeated);
  const newlines = (text.split("\n").length - 1) / wordsAndSigns(text).length;
  return newlines > 0.3 ? broken("list_ratio", newlines) : null;
}
