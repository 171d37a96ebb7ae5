// Pages of a labelled dataset's rows, all of them or those that a search finds.
import { closeSync, openSync, readSync } from "node:fs";
import type Database from "better-sqlite3";
import { snapshotFile } from "../../../common/env";
import { readRow } from "../../../common/rows/formats";
import { matchOf, wordsOf } from "../../annotation/records/search-texts";
import type { LabelledSet } from "../../db/tables/training-sets";
import type { RowPage } from "./labelled-schema";
import { spaced, withIndex } from "./row-index";
import { shownRow } from "./row-preview";

const rowsAtOnce = 50;

/** So many that match are counted: all of a frequent word's would be counted longer than the page takes. */
const mostCounted = 10_000;

interface Place {
  id: number;
  at: number;
  bytes: number;
}

/** Those after the row with the number `after`, of a dataset that is indexed. `#7` finds the row of this number. */
export function listRows({ sha256, rows: total }: LabelledSet, q: string, after: number): RowPage {
  return withIndex(sha256, (index) => {
    const found = placesIn(index, q, after);
    const shown = found.places.slice(0, rowsAtOnce);
    return {
      total,
      matching: found.matching === null ? total : Math.min(found.matching, mostCounted),
      more: found.matching !== null && found.matching > mostCounted,
      rows: rowsAt(snapshotFile(sha256), shown),
      next: found.places.length > rowsAtOnce ? shown.at(-1)!.id : null,
    };
  });
}

/** One more than a page holds, and of those that match at most one more than are counted; null where all rows match. */
function placesIn(index: Database.Database, q: string, after: number): { places: Place[]; matching: number | null } {
  const number = /^#(\d+)$/.exec(q)?.[1];
  if (number !== undefined) {
    const places = index
      .prepare("SELECT id, at, bytes FROM rows WHERE id = ? AND id > ?")
      .all(number, after) as Place[];
    return { places, matching: places.length };
  }
  const words = wordsOf(q).map(spaced);
  if (words.length === 0) {
    const all = index.prepare("SELECT id, at, bytes FROM rows WHERE id > ? ORDER BY id LIMIT ?");
    return { places: all.all(after, rowsAtOnce + 1) as Place[], matching: null };
  }
  const match = matchOf(words);
  const some = index.prepare(`SELECT id, at, bytes FROM rows WHERE id IN
    (SELECT rowid FROM texts WHERE texts MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?) ORDER BY id`);
  const counted = index.prepare("SELECT count(*) FROM (SELECT 1 FROM texts WHERE texts MATCH ? LIMIT ?)").pluck();
  const matching = counted.get(match, mostCounted + 1) as number;
  return { places: some.all(match, after, rowsAtOnce + 1) as Place[], matching };
}

function rowsAt(path: string, places: Place[]): RowPage["rows"] {
  const file = openSync(path, "r");
  try {
    return places.map(({ id, at, bytes }) => {
      const line = Buffer.alloc(bytes);
      readSync(file, line, 0, bytes, at);
      const { prompt, answers } = shownRow(readRow(JSON.parse(line.toString("utf8"))));
      return { id, prompt, answers: answers.map((answer, place) => ({ place, ...answer })) };
    });
  } finally {
    closeSync(file);
  }
}
