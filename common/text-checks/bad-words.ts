// Pages with one of the obscene words that C4 leaves pages out for (Raffel et al. 2020): the lists by Shutterstock's people that they took, as the
// package naughty-words has them, and datatrove's way of looking for them.
import lists from "naughty-words";

/** As common as parts of other words where nothing stands between words. */
const allowed = ["sm", "グロ", "女の子", "性"];
const unspaced = ["ja", "th", "zh"];

const patterns = new Map<string, RegExp>();

function patternOf(language: string): RegExp | null {
  const words = lists[language]?.filter((word) => !allowed.includes(word));
  if (!words) return null;
  const known = patterns.get(language);
  if (known) return known;
  const any = words.map((word) => word.trim().replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|");
  const pattern = unspaced.includes(language)
    ? new RegExp(any, "u")
    : new RegExp(`(?:[^\\p{L}\\p{N}_]|^)(?:${any})(?:[^\\p{L}\\p{N}_]|$)`, "u");
  patterns.set(language, pattern);
  return pattern;
}

/** datatrove's name of the rule where a text breaks it; null where it does not, and where its language has no list. */
export const c4BadWords = (text: string, language: string): string | null =>
  patternOf(language)?.test(text.toLowerCase()) ? "document_removed_with_badwords" : null;
