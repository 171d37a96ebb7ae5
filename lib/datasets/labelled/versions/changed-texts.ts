// Rows whose texts are no longer the import's, searched as the others are: those are in an index that never changes.
import Database from "better-sqlite3";
import { readRow } from "../../../../common/rows/formats";
import { spaced } from "../row-index";
import { shownRow } from "../row-preview";
import { changedRows } from "./row-states";

interface ChangedTexts {
  of: string;
  ids: number[];
  /** Those that FTS5 finds. */
  matching: (match: string) => number[];
}

let held: ChangedTexts | null = null; // of the dataset that was searched last: many rows may have been masked at once

export function changedTexts(setId: number, version: number): ChangedTexts {
  const of = `${setId}@${version}`;
  if (held?.of === of) return held;
  const index = new Database(":memory:");
  index.exec(
    "CREATE VIRTUAL TABLE texts USING fts5(prompt, answers, content='', tokenize='unicode61 remove_diacritics 2')",
  );
  const add = index.prepare("INSERT INTO texts (rowid, prompt, answers) VALUES (?, ?, ?)");
  const ids: number[] = [];
  for (const { row, record } of changedRows(setId, version)) {
    if (record === null) continue;
    const { prompt, answers } = shownRow(readRow(JSON.parse(record)));
    add.run(row, spaced(prompt), spaced(answers.map(({ text }) => text).join("\n")));
    ids.push(row);
  }
  const find = index.prepare("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rowid").pluck();
  held = { of, ids, matching: (match) => (ids.length === 0 ? [] : (find.all(match) as number[])) };
  return held;
}
