// Words of a text in any language, in small letters or as they stand.

/** Of scripts that put no spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const segmenter = new Intl.Segmenter("und", { granularity: "word" });
/** Where no word goes on (UAX 29; in 1，000 one does): the segmenter's time grows with the square of what it is given. */
const clauses = new RegExp(`(?<=[\\s。、！？])|(?<=[，；：])(?=${unspaced.source})`, "u");

/** Letters and digits that stand together; of scripts without spaces, the words of a dictionary. */
export function wordsOf(text: string): string[] {
  if (!unspaced.test(text)) return text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return text.split(clauses).flatMap((clause) => Array.from(segmenter.segment(clause), wordIn).flat());
}

const wordIn = ({ segment, isWordLike }: Intl.SegmentData) => (isWordLike ? [segment] : []);

/** Whatever its case, its width and its blanks. */
export const plain = (text: string): string => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

/** The words of a text, for MinHash. */
export const plainWords = (text: string): string[] => wordsOf(plain(text));
