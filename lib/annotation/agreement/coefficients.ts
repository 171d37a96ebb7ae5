// How far raters agree beyond chance. A unit is what the raters of one item said; fewer than two say nothing about agreement.

/** Share of rater pairs that say the same, over all pairs of raters of the same item. NaN where no item has two. */
export function percentAgreement<T>(units: T[][]): number {
  const pairs = units.flatMap((values) => values.flatMap((a, i) => values.slice(i + 1).map((b) => (a === b ? 1 : 0))));
  return pairs.reduce<number>((a, b) => a + b, 0) / pairs.length;
}

/** Cohen's κ of two raters (Cohen 1960): agreement over what their own frequencies give by chance. NaN where both only ever say one thing. */
export function cohenKappa<T>(pairs: (readonly [T, T])[]): number {
  const n = pairs.length;
  const share = (of: (pair: readonly [T, T]) => boolean) => pairs.filter(of).length / n;
  const kinds = [...new Set(pairs.flat())];
  const chance = kinds.reduce((sum, kind) => sum + share(([a]) => a === kind) * share(([, b]) => b === kind), 0);
  return (share(([a, b]) => a === b) - chance) / (1 - chance);
}

/** Fleiss' κ (Fleiss 1971) of items that all have the same number of raters. Throws where they do not. */
export function fleissKappa<T>(units: T[][]): number {
  const raters = units[0]!.length;
  if (units.some((values) => values.length !== raters))
    throw new Error("Fleiss' κ takes items with equally many raters");
  const kinds = [...new Set(units.flat())];
  const counts = units.map((values) => kinds.map((kind) => values.filter((value) => value === kind).length));
  const agreed = counts.map((row) => (row.reduce((sum, c) => sum + c * c, 0) - raters) / (raters * (raters - 1)));
  const observed = agreed.reduce((a, b) => a + b, 0) / units.length;
  const chance = kinds.reduce(
    (sum, _, k) => sum + (counts.reduce((total, row) => total + row[k]!, 0) / (units.length * raters)) ** 2,
    0,
  );
  return (observed - chance) / (1 - chance);
}

/** Squared distance of two values of a scale, given how often each value occurs. */
export type Distance = (a: number, b: number, frequencies: Map<number, number>) => number;

export const nominal: Distance = (a, b) => (a === b ? 0 : 1);

/** Ranks between two values: all ratings from one to the other, half of those at the ends (Krippendorff 2011, section E). */
export const ordinal: Distance = (a, b, frequencies) => {
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  let between = -((frequencies.get(low) ?? 0) + (frequencies.get(high) ?? 0)) / 2;
  for (const [value, count] of frequencies) if (value >= low && value <= high) between += count;
  return a === b ? 0 : between ** 2;
};

/** Krippendorff's α (2011, "Computing Krippendorff's alpha-reliability"): any number of raters, missing ratings, any scale. NaN where all say the same. */
export function krippendorffAlpha(units: number[][], distance: Distance): number {
  const rated = units.filter(({ length }) => length > 1);
  const all = rated.flat();
  const frequencies = new Map<number, number>();
  for (const value of all) frequencies.set(value, (frequencies.get(value) ?? 0) + 1);
  const kinds = [...frequencies.keys()];
  const between = new Map(kinds.map((a) => [a, new Map(kinds.map((b) => [b, distance(a, b, frequencies)]))]));
  const apart = (a: number, b: number) => between.get(a)!.get(b)!;
  const observed = rated.reduce((sum, values) => {
    const within = values.reduce((total, a) => total + values.reduce((rest, b) => rest + apart(a, b), 0), 0);
    return sum + within / (values.length - 1);
  }, 0);
  const expected = kinds.reduce(
    (sum, a) => sum + kinds.reduce((rest, b) => rest + frequencies.get(a)! * frequencies.get(b)! * apart(a, b), 0),
    0,
  );
  return 1 - ((all.length - 1) * observed) / expected;
}

/** The middle 95 % of values. Those that are no number are left out. */
export function middle(values: number[]): [number, number] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return [at(0.025), at(0.975)];
}

/** The middle 95 % of a statistic over items drawn with replacement (Efron 1979). */
export const bootstrapInterval = <Unit>(
  units: Unit[],
  statistic: (units: Unit[]) => number,
  random: () => number,
  draws = 500,
): [number, number] =>
  middle(Array.from({ length: draws }, () => statistic(units.map(() => units[Math.floor(random() * units.length)]!))));
