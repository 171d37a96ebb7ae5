// Which tokens stand side by side in counted words: how often, and in which words.
import { Heap } from "./heap";

export interface Word {
  count: number;
  /** Ids of its tokens. */
  symbols: number[];
}

export interface Pair {
  left: number;
  right: number;
  count: number;
  /** Indices of the words that it is in, and of some that it was in. */
  words: number[];
}

/** Which of two pairs of one count comes first: that of the lower ids, as in tokenizers, or that which is first as text. */
export type Ties = "ids" | "text";

/** Changes `words` as pairs are merged. `tokens`: their texts by id, which grow from merge to merge. */
export function trackedPairs(words: Word[], tokens: readonly string[], ties: Ties) {
  const pairs = new Map<number, Pair>();
  const textOf = ({ left, right }: Pair) => `${tokens[left]} ${tokens[right]}`;
  const first = (a: Pair, b: Pair) =>
    ties === "ids" ? a.left < b.left || (a.left === b.left && a.right < b.right) : textOf(a) < textOf(b);
  // A count that has changed since it was put in is noticed when it is taken out.
  const heap = new Heap<{ pair: Pair; count: number }>((a, b) =>
    a.count === b.count ? first(a.pair, b.pair) : a.count > b.count,
  );

  function pairOf(left: number, right: number): Pair {
    const key = left * mostTokens + right;
    const found = pairs.get(key);
    if (found) return found;
    const pair: Pair = { left, right, count: 0, words: [] };
    pairs.set(key, pair);
    return pair;
  }

  function add(left: number, right: number, word: number): Pair {
    const pair = pairOf(left, right);
    pair.count += words[word]!.count;
    if (pair.words.at(-1) !== word) pair.words.push(word);
    return pair;
  }

  const wait = (pair: Pair) => heap.push({ pair, count: pair.count });

  for (const [index, { symbols }] of words.entries())
    for (let i = 1; i < symbols.length; i++) add(symbols[i - 1]!, symbols[i]!, index);
  for (const pair of pairs.values()) wait(pair);

  /** Puts `id` in the place of the pair in one word; returns the pairs that came about. */
  function mergeIn(index: number, { left, right }: Pair, id: number, formed: Set<Pair>): void {
    const { symbols, count } = words[index]!;
    let kept = 0;
    for (let i = 0; i < symbols.length; i++) {
      if (symbols[i] !== left || symbols[i + 1] !== right) {
        symbols[kept++] = symbols[i]!;
        continue;
      }
      const after = symbols[i + 2];
      if (kept > 0) {
        pairOf(symbols[kept - 1]!, left).count -= count;
        formed.add(add(symbols[kept - 1]!, id, index));
      }
      if (after !== undefined) {
        pairOf(right, after).count -= count;
        formed.add(add(id, after, index));
      }
      symbols[kept++] = id;
      i++;
    }
    symbols.length = kept;
  }

  return {
    commonest(): Pair | undefined {
      for (let top = heap.pop(); top; top = heap.pop()) {
        const { pair, count } = top;
        if (pair.words.length === 0) continue; // merged since
        if (count === pair.count) return pair;
        wait(pair);
      }
      return undefined;
    },
    merge(pair: Pair, id: number): void {
      const formed = new Set<Pair>();
      const places = new Set(pair.words);
      pair.words = [];
      for (const index of places) mergeIn(index, pair, id, formed);
      for (const one of formed) wait(one);
    },
  };
}

/** So that a pair of ids is one exact number. */
const mostTokens = 2 ** 26;
