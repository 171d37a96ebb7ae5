// Facets that are numbers: how long the answers are, how long an annotation took, and when the last one was given.
import type { RecordFacts } from "./record-facts";
import type { RangeFacet, RangeName, RecordFilter } from "./records-schema";

/** From and to, both included; null leaves a side open. */
type Bounds = [from: number | null, to: number | null];

const dayMs = 24 * 3_600_000;
const startOf = (day: string) => Date.parse(`${day}T00:00:00Z`);
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** What a record is measured by; null where nobody has annotated it. */
const measure: Record<RangeName, (record: RecordFacts) => number | null> = {
  length: ({ longest }) => longest,
  seconds: ({ pair: { standing } }) => {
    let longest: number | null = null;
    for (const { activeMs } of standing) longest = Math.max(longest ?? 0, activeMs / 1000);
    return longest;
  },
  voted: ({ pair: { votedAt } }) => votedAt || null,
};

function boundsOf(name: RangeName, text: string): Bounds {
  const [from = "", to = ""] = text.split("..");
  if (name !== "voted") return [from === "" ? null : Number(from), to === "" ? null : Number(to)];
  return [from === "" ? null : startOf(from), to === "" ? null : startOf(to) + dayMs - 1];
}

/** Whether a record lies in a range; null where none is named. */
export function rangeTest(name: RangeName, filter: RecordFilter): ((record: RecordFacts) => boolean) | null {
  if (filter[name] === "") return null;
  const [from, to] = boundsOf(name, filter[name]);
  return (record) => {
    const value = measure[name](record);
    return value !== null && (from === null || value >= from) && (to === null || value <= to);
  };
}

/** Where the buckets of lengths (characters) and of seconds end. */
const ends: Record<"length" | "seconds", number[]> = { length: [100, 300, 1000, 3000], seconds: [5, 15, 60, 300] };
/** So many days are counted one by one; more of them by month. */
const mostDays = 14;

/** Counts of the records in each bucket of a range. */
export interface RangeCounts {
  add: (record: RecordFacts) => void;
  facet: () => RangeFacet;
}

export const rangeCounts = (name: RangeName): RangeCounts => (name === "voted" ? dayCounts() : bucketCounts(name));

function bucketCounts(name: "length" | "seconds"): RangeCounts {
  const limits = ends[name];
  const counts = [...limits, Number.POSITIVE_INFINITY].map(() => 0);
  const values = counts.map((_, i) => {
    const [from, to] = [limits[i - 1] ?? "", limits[i] ?? ""];
    // whole characters end one before the next bucket begins; seconds have fractions, of which the edge is in both
    return `${from}..${typeof to === "number" && name === "length" ? to - 1 : to}`;
  });
  return {
    add(record) {
      const value = measure[name](record);
      if (value === null) return;
      let at = 0;
      while (at < limits.length && (name === "seconds" ? value > limits[at]! : value >= limits[at]!)) at++;
      counts[at]!++;
    },
    facet: () => values.flatMap((value, i) => (counts[i]! > 0 ? [{ value, count: counts[i]! }] : [])),
  };
}

function dayCounts(): RangeCounts {
  const counts = new Map<number, number>();
  return {
    add({ pair: { votedAt } }) {
      if (votedAt === 0) return;
      const day = Math.floor(votedAt / dayMs);
      counts.set(day, (counts.get(day) ?? 0) + 1);
    },
    facet() {
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
