// Pages of a labelled dataset's rows, all of them or those that a search or a filter finds, as its newest version has them.
import { existsSync } from "node:fs";
import type Database from "better-sqlite3";
import { readRow } from "../../../common/rows/formats";
import { matchOf, wordsOf } from "../../annotation/records/search-texts";
import { rowsFound } from "../../data-checks/kept-findings";
import type { LabelledSet } from "../../db/tables/training-sets";
import type { RowPage, RowsAsked } from "./labelled-schema";
import { spaced, withIndex } from "./row-index";
import { shownRow } from "./row-preview";
import { changedTextsFile, followTexts } from "./versions/changed-texts";
import { rowsThatAre } from "./versions/row-states";
import { rowsAt } from "./versions/version-rows";
import { newestVersion } from "./versions/versions";

const rowsAtOnce = 50;

/** So many that match are counted: all of a frequent word's would be counted longer than the page takes. */
const mostCounted = 10_000;

/** Those after the row with the number `after`, of a dataset that is indexed. `#7` finds the row of this number. */
export async function listRows(set: LabelledSet, { q, only, after }: RowsAsked): Promise<RowPage> {
  const { number } = newestVersion(set);
  await followTexts(set.id, number);
  const within = only === "" ? null : idsThatAre(set, number, only);
  const found = withIndex(set.sha256, (index) => idsIn(index, { set, q, within, after }));
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
  q: string;
  within: number[] | null;
  after: number;
}

/** One more than a page holds, and of those that match at most one more than are counted; null where all rows match. */
function idsIn(index: Database.Database, { set, q, within, after }: Asked): { ids: number[]; matching: number | null } {
  const named = /^#(\d+)$/.exec(q)?.[1];
  const words = wordsOf(q).map(spaced);
  if (named !== undefined || words.length === 0) {
    const all = named === undefined ? within : [Number(named)].filter((id) => within?.includes(id) ?? id <= set.rows);
    if (all !== null) return { ids: all.filter((id) => id > after).slice(0, rowsAtOnce + 1), matching: all.length };
    const rows = index.prepare("SELECT id FROM rows WHERE id > ? ORDER BY id LIMIT ?").pluck();
    return { ids: rows.all(after, rowsAtOnce + 1) as number[], matching: null };
  }
  // rows that are as they were imported are in the index; the others are looked for by themselves
  const file = changedTextsFile(set.id);
  const anyChanged = existsSync(file);
  if (anyChanged) index.prepare("ATTACH DATABASE ? AS later").run(file);
  const json = JSON.stringify(within ?? []);
  const wanted = within === null ? "" : "AND rowid IN (SELECT value FROM json_each(@json))";
  const found = [
    `SELECT rowid FROM main.texts WHERE texts MATCH @match ${wanted} ${anyChanged ? "AND rowid NOT IN (SELECT id FROM later.changed)" : ""}`,
    ...(anyChanged ? [`SELECT rowid FROM later.texts WHERE texts MATCH @match ${wanted}`] : []),
  ];
  const match = matchOf(words);
  const some = (all: string) =>
    index
      .prepare(`${all} AND rowid > @after ORDER BY rowid LIMIT @limit`)
      .pluck()
      .all({ match, json, after, limit: rowsAtOnce + 1 }) as number[];
  const count = (all: string) =>
    index
      .prepare(`SELECT count(*) FROM (${all} LIMIT @limit)`)
      .pluck()
      .get({ match, json, limit: mostCounted + 1 }) as number;
  const ids = found.flatMap(some).sort((a, b) => a - b);
  return { ids: ids.slice(0, rowsAtOnce + 1), matching: found.reduce((sum, all) => sum + count(all), 0) };
}
