// Which characters are pieces by themselves. The others, which are rare, are read as bytes.

/** Of all that texts hold, as in SentencePiece (character_coverage). */
const covered = 0.9995;

/** The commonest that make up 99.95 % of the words, and those of ASCII that can be seen. */
export function commonCharacters(counts: ReadonlyMap<string, number>): string[] {
  const found = new Map<string, number>();
  let all = 0;
  for (const [word, count] of counts)
    for (const character of word) {
      found.set(character, (found.get(character) ?? 0) + count);
      all += count;
    }
  let seen = 0;
  const common = [...found]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .filter(([, count]) => {
      const isNeeded = seen < covered * all;
      seen += count;
      return isNeeded;
    });
  const ascii = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  return [...new Set([...common.map(([character]) => character), ...ascii])].sort();
}

/** The parts of the words that hold no other characters, with how often each occurs. */
export function withinAlphabet(counts: ReadonlyMap<string, number>, alphabet: string[]): Map<string, number> {
  const known = new Set(alphabet);
  const parts = new Map<string, number>();
  for (const [word, count] of counts)
    for (const part of knownParts(word, known)) parts.set(part, (parts.get(part) ?? 0) + count);
  return parts;
}

function knownParts(word: string, known: ReadonlySet<string>): string[] {
  const parts = [""];
  for (const character of word)
    if (known.has(character)) parts[parts.length - 1] += character;
    else parts.push("");
  return parts.filter((part) => part !== "");
}
