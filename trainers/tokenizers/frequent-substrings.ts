// Which substrings of words repeat, by a sorted list of all suffixes (Manber and Myers 1993; SentencePiece takes the first pieces of a Unigram model
// from one too). Of substrings that always go on in the same way only the longest counts. A word's end goes on in no way.

interface Interval {
  text: string;
  /** Of the text, the part that the suffixes share. */
  length: number;
  count: number;
}

/** Substrings of 2 to `longest` characters that occur twice or more, with how often. `counts`: how often each word occurs. */
export function frequentSubstrings(counts: ReadonlyMap<string, number>, longest: number): Map<string, number> {
  const found = new Map<string, number>();
  const open: Interval[] = [{ text: "", length: 0, count: 0 }];
  const closeTo = (length: number) => {
    for (let top = open.at(-1)!; top.length > length; top = open.at(-1)!) {
      open.pop();
      const substring = top.text.slice(0, top.length);
      if (top.count > 1 && [...substring].length > 1) found.set(substring, top.count);
      const parent = open.at(-1)!;
      if (parent.length >= length) parent.count += top.count;
      else open.push({ ...top, length });
    }
  };
  let before = "";
  for (const [text, count] of sortedSuffixes(counts, longest)) {
    const shared = sharedLength(before, text);
    closeTo(shared);
    if (shared === text.length) open.at(-1)!.count += count;
    else open.push({ text, length: text.length, count });
    before = text;
  }
  closeTo(0);
  return found;
}

/** Each with how often its word occurs. */
function sortedSuffixes(counts: ReadonlyMap<string, number>, longest: number): [string, number][] {
  const suffixes: [string, number][] = [];
  for (const [word, count] of counts) {
    const characters = [...word];
    for (let at = 0; at < characters.length; at++) suffixes.push([characters.slice(at, at + longest).join(""), count]);
  }
  return suffixes.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** In code units, whole characters. */
function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  const last = a.charCodeAt(length - 1);
  return last >= 0xd800 && last < 0xdc00 ? length - 1 : length;
}
