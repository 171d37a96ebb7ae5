// A cheap estimate of whether two answers are similar enough to suggest a diff.

/** From this share of common words on, a diff is suggested. */
const similarFrom = 0.7;

export const areSimilar = (left: string, right: string): boolean => similarity(left, right) >= similarFrom;

/** Jaccard similarity of the two bags of words. */
export function similarity(left: string, right: string): number {
  const [a, b] = [bag(left), bag(right)];
  let [both, either] = [0, 0];
  for (const word of new Set([...a.keys(), ...b.keys()])) {
    const [here, there] = [a.get(word) ?? 0, b.get(word) ?? 0];
    both += Math.min(here, there);
    either += Math.max(here, there);
  }
  return either === 0 ? 1 : both / either;
}

function bag(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
