// A ranking while it is typed: letters from the best on, "=" before one that ties with the last.
export interface Typed {
  tiers: number[][];
  /** Whether the next letter joins the last tier. */
  joins: boolean;
}
export const nothingTyped: Typed = { tiers: [], joins: false };

export function typeAnswer({ tiers, joins }: Typed, place: number): Typed {
  if (tiers.flat().includes(place)) return { tiers, joins };
  const last = tiers.at(-1);
  return { tiers: joins && last ? [...tiers.slice(0, -1), [...last, place]] : [...tiers, [place]], joins: false };
}

export const typeTie = (typed: Typed): Typed => ({ ...typed, joins: typed.tiers.length > 0 });

export function takeBackOne({ tiers, joins }: Typed): Typed {
  if (joins) return { tiers, joins: false };
  const last = tiers.at(-1)?.slice(0, -1) ?? [];
  return { tiers: last.length > 0 ? [...tiers.slice(0, -1), last] : tiers.slice(0, -1), joins: false };
}

/** The ranking of all answers, where at most one is not named: it comes last. */
export function complete({ tiers, joins }: Typed, answers: number): number[][] | null {
  const left = Array.from({ length: answers }, (_, i) => i).filter((place) => !tiers.flat().includes(place));
  if (left.length === 0) return tiers;
  if (left.length > 1 || tiers.length === 0) return null;
  return joins ? [...tiers.slice(0, -1), [...tiers.at(-1)!, ...left]] : [...tiers, left];
}
