// Two devices' numbers side by side.

/** By kernel what it gives, or the sentence with which it failed. Numbers that JSON does not know are words. */
export type KernelValues = Record<string, (number | string)[] | string>;

export interface Difference {
  kernel: string;
  /** The largest relative to the largest number that it gives; infinite where shapes or numbers that are no numbers differ, or it failed. */
  relative: number;
  failure: string | null;
}

/** What of each kernel of `ours` differs from `reference`, the worst first. */
export function differences(ours: KernelValues, reference: KernelValues): Difference[] {
  return Object.entries(reference)
    .map(([kernel, expected]) => ({ kernel, ...differenceOf(ours[kernel] ?? "it is missing", expected) }))
    .toSorted((a, b) => b.relative - a.relative);
}

function differenceOf(ours: KernelValues[string], expected: KernelValues[string]): Omit<Difference, "kernel"> {
  const broken = (failure: string) => ({ relative: Number.POSITIVE_INFINITY, failure });
  if (typeof expected === "string") return typeof ours === "string" ? { relative: 0, failure: null } : broken(expected);
  if (typeof ours === "string") return broken(ours);
  if (ours.length !== expected.length) return broken(`${ours.length} numbers instead of ${expected.length}`);
  const scale = Math.max(...expected.map((value) => (typeof value === "number" ? Math.abs(value) : 0)), 1e-30);
  let largest = 0;
  for (const [i, value] of expected.entries()) {
    const own = ours[i]!;
    if (typeof own === "number" && typeof value === "number") largest = Math.max(largest, Math.abs(own - value));
    else if (own !== value) return broken(`${own} instead of ${value}`);
  }
  return { relative: largest / scale, failure: null };
}
