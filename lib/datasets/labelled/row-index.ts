// An index of a labelled dataset's rows: where each lies in its file, its words for search, and what all of them come to. It is made when it
// is first asked for, lies beside the other caches under the hash of the rows, and can be deleted at any time.
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { dataFolder, snapshotFile } from "../../../common/env";
import { readRow } from "../../../common/rows/formats";
import { turns } from "../../../common/turns";
import type { Watch } from "../../watch";
import { linesIn } from "./lines-in";
import { shownRow } from "./row-preview";
import { countedRows, longestOf, type RowStatistics, rowStatistics } from "./row-statistics";

const indexFile = (sha256: string) => join(dataFolder(), "indexes", `${sha256}.sqlite`);

export const isIndexed = (sha256: string): boolean => existsSync(indexFile(sha256));

/** Scripts that are written without spaces, of which FTS5 would take a whole line for one word. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/gu;

/** As it is indexed and looked for: every character of such a script is a word. */
export const spaced = (text: string): string => text.replace(unspaced, " $& ");

/** Bytes of the index that are held before they are written: fewer and larger pieces are put together faster. */
const heldTexts = 2 ** 25;

/** Pieces of one size that are put together: the more, the fewer times all of it is written again, and the more a search looks through. */
const pieces = 16;

/** Rows between two looks at who else waits. */
const atOnce = 500;

export async function indexRows(sha256: string, rows: number, { cancelled, says }: Watch = {}): Promise<void> {
  const draft = `${indexFile(sha256)}.${crypto.randomUUID()}.tmp`;
  mkdirSync(dirname(draft), { recursive: true });
  const index = new Database(draft);
  const counted = countedRows();
  try {
    index.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
      CREATE TABLE rows (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, bytes INTEGER NOT NULL, prompt INTEGER NOT NULL, answer INTEGER NOT NULL) STRICT;
      CREATE TABLE statistics (json TEXT NOT NULL) STRICT;
      CREATE VIRTUAL TABLE texts USING fts5(prompt, answers, content='', tokenize='unicode61 remove_diacritics 2', prefix='3 5');
      INSERT INTO texts (texts, rank) VALUES ('hashsize', ${heldTexts}), ('automerge', ${pieces}), ('crisismerge', ${4 * pieces});`);
    const add = index.prepare("INSERT INTO rows (id, at, bytes, prompt, answer) VALUES (?, ?, ?, ?, ?)");
    const addText = index.prepare("INSERT INTO texts (rowid, prompt, answers) VALUES (?, ?, ?)");
    const turn = turns();
    let id = 0;
    for await (const { at, line } of linesIn(snapshotFile(sha256))) {
      const row = shownRow(readRow(JSON.parse(line.toString("utf8"))));
      const { prompt, answers } = row;
      id++;
      add.run(id, at, line.length, prompt.length, longestOf(row));
      addText.run(id, spaced(prompt), spaced(answers.map(({ text }) => text).join("\n")));
      counted.add(row);
      await turn();
      if (id % atOnce !== 0) continue;
      cancelled?.throwIfAborted();
      says?.(`${id} of ${rows} rows indexed`);
    }
    index.prepare("INSERT INTO statistics (json) VALUES (?)").run(JSON.stringify(counted.total()));
    index.exec("COMMIT");
    index.close();
    renameSync(draft, indexFile(sha256));
  } finally {
    counted.close();
    index.close();
    await rm(draft, { force: true });
  }
}

/** Opened for as long as `work` needs it. */
export function withIndex<T>(sha256: string, work: (index: Database.Database) => T): T {
  const index = new Database(indexFile(sha256), { readonly: true });
  try {
    return work(index);
  } finally {
    index.close();
  }
}

export const statisticsOf = (sha256: string): RowStatistics =>
  withIndex(sha256, (index) =>
    rowStatistics.parse(JSON.parse(index.prepare("SELECT json FROM statistics").pluck().get() as string)),
  );
