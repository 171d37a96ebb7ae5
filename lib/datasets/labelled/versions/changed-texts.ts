// Rows whose texts are no longer the import's, searched as the others are: those are in an index that never changes. This one follows the
// newest version, each time by the rows that changed since; it lies beside the other caches and can be deleted at any time.
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { dataFolder } from "../../../../common/env";
import { readRow } from "../../../../common/rows/formats";
import { turns } from "../../../../common/turns";
import type { Watch } from "../../../watch";
import { spaced } from "../row-index";
import { shownRow } from "../row-preview";
import { rowsChangedBetween } from "./row-states";

export const changedTextsFile = (setId: number) => join(dataFolder(), "indexes", `labelled-${setId}.changed.sqlite`);

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { changedTexts?: Map<number, Promise<void>> };

/** Rows between two looks at who else waits. */
const atOnce = 500;

/** Brings it to the version; one at a time of a dataset. */
export function followTexts(setId: number, version: number, watch: Watch = {}): Promise<void> {
  shared.changedTexts ??= new Map();
  const before = shared.changedTexts.get(setId) ?? Promise.resolve();
  const own = before.catch(() => undefined).then(() => follow(setId, version, watch));
  shared.changedTexts.set(setId, own);
  return own;
}

async function follow(setId: number, version: number, { says }: Watch): Promise<void> {
  const file = changedTextsFile(setId);
  if (version === 1 && !existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  const index = new Database(file);
  try {
    index.exec(`PRAGMA synchronous = OFF;
      CREATE TABLE IF NOT EXISTS followed (version INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS changed (id INTEGER PRIMARY KEY) STRICT;
      CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5(prompt, answers, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');`);
    let known = (index.prepare("SELECT version FROM followed").pluck().get() as number | undefined) ?? 1;
    if (known === version) return;
    if (known > version) {
      index.exec("DELETE FROM changed; INSERT INTO texts (texts) VALUES ('delete-all');"); // a backup was restored: anew
      known = 1;
    }
    const statements = {
      forget: index.prepare("DELETE FROM texts WHERE rowid = ?"),
      same: index.prepare("DELETE FROM changed WHERE id = ?"),
      changed: index.prepare("INSERT OR IGNORE INTO changed (id) VALUES (?)"),
      add: index.prepare("INSERT INTO texts (rowid, prompt, answers) VALUES (?, ?, ?)"),
    };
    const turn = turns();
    let done = 0;
    index.exec("BEGIN");
    for (const { row, record } of rowsChangedBetween(setId, known, version)) {
      statements.forget.run(row);
      if (record === null) statements.same.run(row);
      else {
        const { prompt, answers } = shownRow(readRow(JSON.parse(record)));
        statements.changed.run(row);
        statements.add.run(row, spaced(prompt), spaced(answers.map(({ text }) => text).join("\n")));
      }
      await turn();
      if (++done % atOnce === 0) says?.(`${done} changed rows indexed for search`);
    }
    index.exec("DELETE FROM followed");
    index.prepare("INSERT INTO followed (version) VALUES (?)").run(version);
    index.exec("COMMIT");
  } finally {
    index.close();
  }
}
