// Facets that are numbers: how sure the label is, how far apart the rewards are, how long the answers are, how long an annotation took, and when the last one was given. Values are NaN where
// there is none.
import type { RangeFacet, RangeName, RecordSearch } from "./records-schema";

/** From and to, both included; null leaves a side open. */
type Bounds = [from: number | null, to: number | null];

const dayMs = 24 * 3_600_000;
const startOf = (day: string) => Date.parse(`${day}T00:00:00Z`);
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

function boundsOf(name: RangeName, text: string): Bounds {
  const [from = "", to = ""] = text.split("..");
  if (name !== "voted") return [from === "" ? null : Number(from), to === "" ? null : Number(to)];
  return [from === "" ? null : startOf(from), to === "" ? null : startOf(to) + dayMs - 1];
}

/** Whether a value lies in a range; null where none is named. */
export function rangeTest(name: RangeName, filter: RecordSearch): ((value: number) => boolean) | null {
  if (filter[name] === "") return null;
  const [from, to] = boundsOf(name, filter[name]);
  return (value) => !Number.isNaN(value) && (from === null || value >= from) && (to === null || value <= to);
}

/** Where the buckets of numbers end. */
const ends: Record<Exclude<RangeName, "voted">, number[]> = {
  p: [0.6, 0.8, 0.9, 0.95],
  gap: [0.5, 1, 2, 4],
  length: [100, 300, 1000, 3000],
  seconds: [5, 15, 60, 300],
};
/** So many days are counted one by one; more of them by month. */
const mostDays = 14;

/** Counts of the records in each bucket of a range. */
export interface RangeCounts {
  add: (value: number) => void;
  facet: () => RangeFacet;
}

export const rangeCounts = (name: RangeName): RangeCounts => (name === "voted" ? dayCounts() : bucketCounts(name));

function bucketCounts(name: Exclude<RangeName, "voted">): RangeCounts {
  const limits = ends[name];
  const counts = [...limits, Number.POSITIVE_INFINITY].map(() => 0);
  const values = counts.map((_, i) => {
    const [from, to] = [limits[i - 1] ?? "", limits[i] ?? ""];
    // whole characters end one before the next bucket begins; the others have fractions, of which the edge is in both
    return `${from}..${typeof to === "number" && name === "length" ? to - 1 : to}`;
  });
  return {
    add(value) {
      if (Number.isNaN(value)) return;
      let at = 0;
      while (at < limits.length && (name === "length" ? value >= limits[at]! : value > limits[at]!)) at++;
      counts[at]!++;
    },
    facet: () => values.flatMap((value, i) => (counts[i]! > 0 ? [{ value, count: counts[i]! }] : [])),
  };
}

function dayCounts(): RangeCounts {
  const counts = new Map<number, number>();
  let [last, since] = [Number.NaN, 0]; // neighbours were often annotated on the same day
  const keep = () => {
    if (since > 0) counts.set(last, (counts.get(last) ?? 0) + since);
    since = 0;
  };
  return {
    add(votedAt) {
      if (Number.isNaN(votedAt)) return;
      const day = Math.floor(votedAt / dayMs);
      if (day !== last) keep();
      last = day;
      since++;
    },
    facet() {
      keep();
      const days = [...counts].sort(([a], [b]) => b - a);
      if (days.length <= mostDays)
        return days.map(([day, count]) => ({ value: `${dayOf(day * dayMs)}..${dayOf(day * dayMs)}`, count }));
      const months = new Map<string, number>();
      for (const [day, count] of days) {
        const [year, month] = dayOf(day * dayMs)
          .split("-")
          .map(Number) as [number, number];
        const value = `${dayOf(Date.UTC(year, month - 1, 1))}..${dayOf(Date.UTC(year, month, 0))}`;
        months.set(value, (months.get(value) ?? 0) + count);
      }
      return [...months].map(([value, count]) => ({ value, count }));
    },
  };
}
