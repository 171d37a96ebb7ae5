// A word diff of two answers. Loaded on demand.
import { diffWordsWithSpace } from "diff";

export interface Part {
  text: string;
  /** Whether only this answer contains it. */
  own: boolean;
}

/** Words by the reader's own segmenter, so that languages without spaces have words too. */
const intlSegmenter = new Intl.Segmenter(undefined, { granularity: "word" });

export function wordDiff(left: string, right: string): { left: Part[]; right: Part[]; differing: number } {
  const parts = diffWordsWithSpace(left, right, { intlSegmenter });
  const side = (other: "added" | "removed", own: "added" | "removed") =>
    parts.filter((part) => !part[other]).map((part) => ({ text: part.value, own: part[own] }));
  const words = (text: string) => [...intlSegmenter.segment(text)].filter(({ isWordLike }) => isWordLike).length;
  const differing = Math.max(
    ...(["added", "removed"] as const).map((kind) =>
      parts.filter((part) => part[kind]).reduce((sum, { value }) => sum + words(value), 0),
    ),
  );
  return { left: side("added", "removed"), right: side("removed", "added"), differing };
}
