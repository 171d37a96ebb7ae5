// Where a text names somebody, and the same text with another name there.
import { anyOf, mentionsOf } from "../people/mention";

/** `zoe` is not named by Zoey, nor by zoe.smith or zoe@example.org, which are others; at the end of a sentence and in `@zoe` she is. */
const before = "(?<![\\p{L}\\p{N}_]|[\\p{L}\\p{N}][.@-])";
const after = "(?![\\p{L}\\p{N}_]|[.@-][\\p{L}\\p{N}])";

/** Finds any of these as whole words, in whatever case. */
export const wordsOf = (names: string[]): RegExp => new RegExp(`${before}${anyOf(names)}${after}`, "giu");

/** Finds them in longer words too, such as zoe-dpo-1, pairs_zoe and zoe.jsonl, where no letter is next to them. */
export const partsOf = (names: string[]): RegExp => new RegExp(`(?<!\\p{L})${anyOf(names)}(?!\\p{L})`, "giu");

interface Renaming {
  /** Names and e-mail addresses of somebody. */
  names: string[];
  /** What colleagues are called: where `@Zoe Smith` is one of them, it does not name zoe. */
  others: string[];
  /** What they are called from then on. */
  by: string;
  /** Whether it is replaced as a bare word too. */
  words: boolean;
}

/** Replaces `@name` and e-mail addresses, and on demand bare names. */
export function renamed({ names, others, by, words }: Renaming): (text: string) => string {
  const [all, addresses] = [[...names, ...others], names.filter((name) => name.includes("@"))];
  const own = new Set(names.map((name) => name.toLowerCase()));
  const swapped = (found: string, name: string) =>
    own.has(name.toLowerCase()) ? `${found.slice(0, -name.length)}${by}` : found;
  const patterns = [
    ...(addresses.length > 0 ? [wordsOf(addresses)] : []),
    mentionsOf(all),
    ...(words ? [wordsOf(all)] : []),
  ];
  return (text) => patterns.reduce((changed, pattern) => changed.replace(pattern, swapped), text);
}
