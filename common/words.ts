// Words of a text in any language, in small letters or as they stand.

/** Scripts that put no spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/** Letters and digits that stand together; of scripts without spaces, the words of a dictionary. */
export function wordsOf(text: string): string[] {
  if (!unspaced.test(text)) return text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return Array.from(segmenter.segment(text), ({ segment, isWordLike }) => (isWordLike ? [segment] : [])).flat();
}

/** Whatever its case, its width and its blanks. */
export const plain = (text: string): string => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

/** The words of a text, for MinHash. */
export const plainWords = (text: string): string[] => wordsOf(plain(text));
