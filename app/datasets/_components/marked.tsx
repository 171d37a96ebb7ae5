interface Part {
  text: string;
  /** Where it begins. */
  at: number;
  found: boolean;
}

/** A text with the words of a search marked in it. */
export function Marked({ text, words }: { text: string; words: RegExp | null }) {
  if (words === null) return text;
  return partsOf(text, words).map(({ text, at, found }) =>
    found ? (
      <mark key={at} className="rounded-xs bg-warn/30 text-ink">
        {text}
      </mark>
    ) : (
      text
    ),
  );
}

/** What stands between the words, and the words. */
function partsOf(text: string, words: RegExp): Part[] {
  let at = 0;
  return text.split(words).flatMap((part, i): Part[] => {
    const begins = at;
    at += part.length;
    return part === "" ? [] : [{ text: part, at: begins, found: i % 2 === 1 }];
  });
}

/** Matches any of a search's words, for `Marked`; null where it names none. */
export function markedWords(q: string): RegExp | null {
  const words = [...q.matchAll(/"([^"]+)"|(\S+)/g)].map(([, phrase, word]) => phrase ?? word!);
  const plain = words
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  return plain.length > 0 ? new RegExp(`(${plain.join("|")})`, "giu") : null;
}
