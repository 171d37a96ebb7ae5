// A page of selected records in some order. Pages follow each other by the place where the last one ended (keyset), so that a vote or an
// exclusion in between neither repeats a record nor leaves one out.
import { opinionCounts } from "../judging/tally-state";
import type { RecordFacts } from "./record-facts";
import type { RecordSort } from "./records-schema";

/** By what records are sorted, the smallest first. */
const keys: Record<RecordSort, (record: RecordFacts) => number> = {
  position: ({ pair }) => pair.position,
  updated: ({ pair }) => -pair.votedAt,
  votes: ({ pair }) => -pair.opinions,
  disagreement: ({ pairs }) => -Math.max(...pairs.map(disagreement)),
  gap: ({ pair: { scores } }) => (scores ? -Math.abs(scores[0] - scores[1]) : 1),
  length: ({ lengthRatio }) => -lengthRatio,
};

/** Share of the opinions that are not the commonest; below 0 where there are no two. */
const disagreement = (pair: RecordFacts["pair"]): number =>
  pair.opinions < 2 ? -1 : 1 - Math.max(...opinionCounts(pair)) / pair.opinions;

interface Place {
  key: number;
  id: number;
}
interface Placed extends Place {
  record: RecordFacts;
}

const isBefore = (a: Place, b: Place) => a.key < b.key || (a.key === b.key && a.id < b.id);

/** The first `count` records after a place, and the place after them; null at the end. `records` are in the order of the file. */
export function pageOf(
  records: RecordFacts[],
  sort: RecordSort,
  cursor: string | null,
  count: number,
): { records: RecordFacts[]; next: string | null } {
  const after = placeOf(cursor);
  const page: Placed[] = []; // the best so far, one more than asked for
  for (const record of records) {
    const placed = { record, key: keys[sort](record), id: record.pair.id };
    if (after && !isBefore(after, placed)) continue;
    if (page.length > count) {
      if (sort === "position") break;
      if (!isBefore(placed, page[count]!)) continue;
      page.pop();
    }
    let at = page.length;
    while (at > 0 && isBefore(placed, page[at - 1]!)) at--;
    page.splice(at, 0, placed);
  }
  const shown = page.slice(0, count);
  const end = shown.at(-1);
  return {
    records: shown.map(({ record }) => record),
    next: page.length > count && end ? `${end.key}_${end.id}` : null,
  };
}

function placeOf(cursor: string | null): Place | null {
  if (cursor === null) return null;
  const [key, id] = cursor.split("_").map(Number) as [number, number];
  return { key, id };
}
