// Which pages C4 (Raffel et al. 2020) and FineWeb (Penedo et al. 2024) leave out, with their thresholds. Rules are tried in datatrove's order
// and bear its names, so that the same text is left out for the same reason. C4's bad words are in bad-words.ts.
import { linesOf, repeatedAmong, sentencesIn, share, wordsAndSigns } from "./pieces";

const policies = /terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies/i;
const endsSentence = /[.?!"']$/;

/** Null where enough sentences remain once lines that are none are gone. */
export function c4Quality(text: string): string | null {
  let sentences = 0;
  for (const given of linesOf(text)) {
    const words = given.trim().split(/\s+/);
    const line = given.trim().replace(/\[\d*\]|\[edit\]|\[citation needed\]/g, "");
    const isSentence = endsSentence.test(line) && !line.endsWith("...");
    if (words.some(({ length }) => length > 1000) || !isSentence || words.length < 3) continue;
    if (/lorem ipsum/i.test(line)) return "lorem_ipsum";
    if (/javascript/i.test(line)) continue;
    if (line.includes("{")) return "curly_bracket";
    if (!policies.test(line)) sentences += sentencesIn(line);
  }
  return sentences < 5 ? "too_few_sentences" : null;
}

export function fineWebQuality(text: string): string | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) return "empty";
  if (share(lines, (line) => endsSentence.test(line)) < 0.12) return "line_punct_ratio";
  if (share(lines, ({ length }) => length <= 30) > 0.67) return "short_line_ratio";
  if (repeatedAmong(lines).characters / text.replaceAll("\n", "").length > 0.01) return "char_dup_ratio";
  return (text.split("\n").length - 1) / wordsAndSigns(text).length > 0.3 ? "list_ratio" : null;
}
