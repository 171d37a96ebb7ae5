// Pages of a labelled dataset's rows, all of them or those that a search or a filter finds, as its newest version has them.
import type Database from "better-sqlite3";
import { readRow } from "../../../common/rows/formats";
import { matchOf, wordsOf } from "../../annotation/records/search-texts";
import { rowsFound } from "../../data-checks/kept-findings";
import type { LabelledSet } from "../../db/tables/training-sets";
import type { RowPage, RowsAsked } from "./labelled-schema";
import { spaced, withIndex } from "./row-index";
import { shownRow } from "./row-preview";
import { changedTexts } from "./versions/changed-texts";
import { rowsThatAre } from "./versions/row-states";
import { rowsAt } from "./versions/version-rows";
import { newestVersion } from "./versions/versions";

const rowsAtOnce = 50;

/** So many that match are counted: all of a frequent word's would be counted longer than the page takes. */
const mostCounted = 10_000;

/** Those after the row with the number `after`, of a dataset that is indexed. `#7` finds the row of this number. */
export function listRows(set: LabelledSet, { q, only, after }: RowsAsked): RowPage {
  const { number } = newestVersion(set);
  const within = only === "" ? null : idsThatAre(set, number, only);
  const found = withIndex(set.sha256, (index) => idsIn(index, { set, number, q, within, after }));
  const shown = found.ids.slice(0, rowsAtOnce);
  return {
    total: set.rows,
    matching: Math.min(found.matching ?? set.rows, mostCounted),
    more: found.matching !== null && found.matching > mostCounted,
    rows: rowsAt(set, number, shown).map(({ id, line, excluded, record }) => {
      const { prompt, answers } = shownRow(readRow(JSON.parse(line)));
      return {
        id,
        prompt,
        answers: answers.map((answer, place) => ({ place, ...answer })),
        excluded,
        changed: record !== null,
      };
    }),
    next: found.ids.length > rowsAtOnce ? shown.at(-1)! : null,
  };
}

const idsThatAre = (set: LabelledSet, number: number, only: string): number[] =>
  only === "excluded" || only === "changed"
    ? rowsThatAre(set.id, number, only)
    : rowsFound({ kind: "labelled", id: set.id }, only);

interface Asked {
  set: LabelledSet;
  number: number;
  q: string;
  within: number[] | null;
  after: number;
}

/** One more than a page holds, and of those that match at most one more than are counted; null where all rows match. */
function idsIn(
  index: Database.Database,
  { set, number, q, within, after }: Asked,
): { ids: number[]; matching: number | null } {
  const named = /^#(\d+)$/.exec(q)?.[1];
  const words = wordsOf(q).map(spaced);
  if (named !== undefined || words.length === 0) {
    const all = named === undefined ? within : [Number(named)].filter((id) => within?.includes(id) ?? id <= set.rows);
    if (all !== null) return { ids: all.filter((id) => id > after).slice(0, rowsAtOnce + 1), matching: all.length };
    const rows = index.prepare("SELECT id FROM rows WHERE id > ? ORDER BY id LIMIT ?").pluck();
    return { ids: rows.all(after, rowsAtOnce + 1) as number[], matching: null };
  }
  // rows that are as they were imported are in the index; the others are looked for by themselves
  const changed = changedTexts(set.id, number);
  const json = JSON.stringify(within ?? []);
  const but = JSON.stringify(changed.ids);
  const where = `texts MATCH @match AND rowid NOT IN (SELECT value FROM json_each(@but))
    ${within === null ? "" : "AND rowid IN (SELECT value FROM json_each(@json))"}`;
  const match = matchOf(words);
  const some = index
    .prepare(`SELECT rowid FROM texts WHERE ${where} AND rowid > @after ORDER BY rowid LIMIT @limit`)
    .pluck();
  const count = index.prepare(`SELECT count(*) FROM (SELECT 1 FROM texts WHERE ${where} LIMIT @limit)`).pluck();
  const mended = changed.matching(match).filter((id) => within?.includes(id) ?? true);
  const unchanged = some.all({ match, but, json, after, limit: rowsAtOnce + 1 }) as number[];
  const ids = [...unchanged, ...mended.filter((id) => id > after)].sort((a, b) => a - b).slice(0, rowsAtOnce + 1);
  return { ids, matching: (count.get({ match, but, json, limit: mostCounted + 1 }) as number) + mended.length };
}
