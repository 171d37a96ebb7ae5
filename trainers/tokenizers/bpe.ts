// Byte-level BPE (Sennrich et al. 2016, over GPT-2's byte alphabet), trained on counted words. The count of a pair and the words that it occurs in
// are kept up to date from merge to merge, and a heap knows the commonest pair, so that a merge costs what it changes. Merges are those of
// BpeTrainer of tokenizers 0.23.3 (data/golden/tokenizers/make-trained.py).
import { type Ties, trackedPairs } from "./pairs";

interface BpeOptions {
  /** What there is before the first merge, by id: special tokens and the byte alphabet. */
  initial: string[];
  /** At most so many tokens. */
  vocabSize: number;
  /** Pairs that occur more seldom are not merged. */
  minFrequency: number;
  ties: Ties;
}

export interface Bpe {
  vocab: Record<string, number>;
  merges: [string, string][];
}

/** GPT-2's printable stand-in for every byte. */
export const byteAlphabet: readonly string[] = (() => {
  const printable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
})();

/** `counts`: how often each word occurs. */
export function trainBpe(
  counts: ReadonlyMap<string, number>,
  { initial, vocabSize, minFrequency, ties }: BpeOptions,
): Bpe {
  const tokens = [...initial];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const byteIds = byteAlphabet.map((stand) => ids.get(stand)!);
  const words = [...counts].map(([word, count]) => ({
    count,
    symbols: Array.from(Buffer.from(word, "utf8"), (byte) => byteIds[byte]!),
  }));
  const pairs = trackedPairs(words, tokens, ties);
  const merges = new Map<string, [string, string]>();
  while (tokens.length < vocabSize) {
    const pair = pairs.commonest();
    if (!pair || pair.count < Math.max(1, minFrequency)) break;
    const [left, right] = [tokens[pair.left]!, tokens[pair.right]!];
    const text = left + right;
    if (!ids.has(text)) ids.set(text, tokens.push(text) - 1);
    // a text that comes about in two ways can bring a merged pair back: like tokenizers, the later place counts
    merges.delete(`${left} ${right}`);
    merges.set(`${left} ${right}`, [left, right]);
    pairs.merge(pair, ids.get(text)!);
  }
  return { vocab: Object.fromEntries(ids), merges: [...merges.values()] };
}
