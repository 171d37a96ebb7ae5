// An index of a labelled dataset's rows: where each lies in its file, its words for search, and what all of them come to. It is made when it
// is first asked for, lies beside the other caches under the hash of the rows, and can be deleted at any time.
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { z } from "zod";
import { dataFolder, snapshotFile } from "../../../common/env";
import { readRow } from "../../../common/rows/formats";
import { turns } from "../../../common/turns";
import type { Watch } from "../../watch";
import { linesIn } from "./lines-in";
import { shownRow } from "./row-preview";

const indexFile = (sha256: string) => join(dataFolder(), "indexes", `${sha256}.sqlite`);

export const isIndexed = (sha256: string): boolean => existsSync(indexFile(sha256));

const quantiles = z.object({ least: z.number(), median: z.number(), most: z.number() });
const rowStatistics = z.object({
  rows: z.number(),
  /** Characters of the prompts and of the longest answer of each row. */
  prompts: quantiles,
  answers: quantiles,
  /** Rows whose prompt stands in an earlier row too. */
  repeated: z.number(),
  /** What the labels say, and how often. */
  labels: z.array(z.object({ label: z.string(), count: z.number() })),
});
export type RowStatistics = z.infer<typeof rowStatistics>;

/** Scripts that are written without spaces, of which FTS5 would take a whole line for one word. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/gu;

/** As it is indexed and looked for: every character of such a script is a word. */
export const spaced = (text: string): string => text.replace(unspaced, " $& ");

/** Bytes of the index that are held before they are written: fewer and larger pieces are put together faster. */
const heldTexts = 2 ** 25;

/** Rows between two looks at who else waits. */
const atOnce = 500;

export async function indexRows(sha256: string, rows: number, { cancelled, says }: Watch = {}): Promise<void> {
  const draft = `${indexFile(sha256)}.${crypto.randomUUID()}.tmp`;
  mkdirSync(dirname(draft), { recursive: true });
  const index = new Database(draft);
  try {
    index.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
      CREATE TABLE rows (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, bytes INTEGER NOT NULL, prompt INTEGER NOT NULL, answer INTEGER NOT NULL) STRICT;
      CREATE TABLE statistics (json TEXT NOT NULL) STRICT;
      CREATE TEMP TABLE prompts (text TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE VIRTUAL TABLE texts USING fts5(prompt, answers, content='', tokenize='unicode61 remove_diacritics 2', prefix='3 5');
      INSERT INTO texts (texts, rank) VALUES ('hashsize', ${heldTexts});`);
    const add = index.prepare("INSERT INTO rows (id, at, bytes, prompt, answer) VALUES (?, ?, ?, ?, ?)");
    const addText = index.prepare("INSERT INTO texts (rowid, prompt, answers) VALUES (?, ?, ?)");
    const addPrompt = index.prepare("INSERT OR IGNORE INTO prompts (text) VALUES (?)");
    const labels = new Map<string, number>();
    const turn = turns();
    let [id, repeated] = [0, 0];
    for await (const { at, line } of linesIn(snapshotFile(sha256))) {
      const { prompt, answers } = shownRow(readRow(JSON.parse(line.toString("utf8"))));
      id++;
      add.run(id, at, line.length, prompt.length, Math.max(0, ...answers.map(({ text }) => text.length)));
      addText.run(id, spaced(prompt), spaced(answers.map(({ text }) => text).join("\n")));
      if (addPrompt.run(prompt).changes === 0) repeated++;
      for (const { label } of answers) if (label) labels.set(label, (labels.get(label) ?? 0) + 1);
      await turn();
      if (id % atOnce !== 0) continue;
      cancelled?.throwIfAborted();
      says?.(`${id} of ${rows} rows indexed`);
    }
    const statistics: RowStatistics = {
      rows: id,
      prompts: quantilesOf(index, "prompt", id),
      answers: quantilesOf(index, "answer", id),
      repeated,
      labels: [...labels].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count),
    };
    index.prepare("INSERT INTO statistics (json) VALUES (?)").run(JSON.stringify(statistics));
    index.exec("COMMIT");
    index.close();
    renameSync(draft, indexFile(sha256));
  } finally {
    index.close();
    await rm(draft, { force: true });
  }
}

function quantilesOf(index: Database.Database, column: "prompt" | "answer", rows: number): z.infer<typeof quantiles> {
  const at = index.prepare(`SELECT ${column} FROM rows ORDER BY ${column} LIMIT 1 OFFSET ?`).pluck();
  const [least, median, most] = [0, Math.floor((rows - 1) / 2), rows - 1].map((place) => at.get(place) as number);
  return { least: least!, median: median!, most: most! };
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
