// The data checks of a dataset. The command line runs them, so that the server neither waits nor loads what tells languages (200 MB).
import { mkdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import type { ReadRow } from "../../common/rows/formats";
import { textsOf } from "../../common/rows/row-texts";
import { privateData } from "../../common/text-checks/private-data";
import { wilson } from "../../spec/statistics";
import type { Watch } from "../watch";
import { checkedRows } from "./check-rows";
import type { CheckReport } from "./checks-schema";
import { type Checked, findingsFile, withdrawFrom } from "./kept-findings";
import { rowAdvice } from "./row-advice";
import { testedPieces } from "./tested-pieces";

export interface RowsToCheck extends Checked {
  /** Which version of it this is, and how many rows that has. */
  version: number;
  total: number;
  /** By what findings name them. */
  rows: AsyncIterable<{ id: number; value: unknown }>;
  /** What else was written of a row: private data is looked for in that too. */
  beside: (id: number) => string[];
  /** Rows that somebody has changed since this version. */
  changedSince: () => number[];
  /** What findings call a row: a line of the import, or a record. */
  calls: "line" | "record";
}

interface Wanted {
  /** Files whose rows are to stay unseen, and what they are called. */
  files: string[];
  names: string[];
  /** Whether long answers are held to the rules of web pages. */
  webRules: boolean;
}

export async function checkDataset(
  of: RowsToCheck,
  { files, names, webRules }: Wanted,
  now: number,
  { says, cancelled }: Watch = {},
): Promise<void> {
  const draft = `${findingsFile(of)}.${crypto.randomUUID()}.tmp`;
  mkdirSync(dirname(draft), { recursive: true });
  const tested = await testedPieces(files);
  const found = new Database(draft);
  try {
    found.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
      CREATE TABLE findings ("check" TEXT NOT NULL, row INTEGER NOT NULL, detail TEXT NOT NULL) STRICT;
      CREATE TABLE report (json TEXT NOT NULL) STRICT;`);
    const add = found.prepare('INSERT INTO findings ("check", row, detail) VALUES (?, ?, ?)');
    const languages = new Map<string, number>();
    const lengths = { decided: 0, longer: 0 };
    const advice = rowAdvice(of.calls);
    let rows = 0;
    for await (const checked of checkedRows(entriesOf(of.rows), tested, { calls: of.calls, webRules })) {
      rows++;
      const { language, row, line } = checked;
      languages.set(language ?? "unknown", (languages.get(language ?? "unknown") ?? 0) + 1);
      for (const { check, detail } of checked.findings) add.run(check, line, detail);
      if (row) for (const { check, detail } of advice(row, line)) add.run(check, line, detail);
      if (row) addLengths(row, lengths);
      for (const detail of new Set(of.beside(line).flatMap(privateData))) add.run("private", line, detail);
      if (rows % 500 !== 0) continue;
      cancelled?.throwIfAborted();
      says?.(`${rows} of ${of.total} rows checked`);
    }
    const report: Omit<CheckReport, "checks"> = {
      ...{ version: of.version, rows, at: now, against: names },
      languages: [...languages].map(([language, rows]) => ({ language, rows })).sort((a, b) => b.rows - a.rows),
      longerWins: longerWins(lengths),
    };
    found.prepare("INSERT INTO report (json) VALUES (?)").run(JSON.stringify(report));
    found.exec(
      `CREATE INDEX findings_check ON findings ("check", row); CREATE INDEX findings_row ON findings (row); COMMIT`,
    );
    withdrawFrom(found, of.changedSince()); // findings of theirs could not be withdrawn before
    found.close();
    renameSync(draft, findingsFile(of));
  } finally {
    found.close();
    await rm(draft, { force: true });
  }
}

async function* entriesOf(rows: RowsToCheck["rows"]) {
  for await (const { id, value } of rows) yield { line: id, of: "", value };
}

function addLengths(row: ReadRow, lengths: { decided: number; longer: number }): void {
  if (row.kind !== "preference") return;
  const [, chosen = "", rejected = ""] = textsOf(row);
  if (chosen.length === rejected.length) return;
  lengths.decided++;
  if (chosen.length > rejected.length) lengths.longer++;
}

function longerWins({ decided, longer }: { decided: number; longer: number }): CheckReport["longerWins"] {
  if (decided === 0) return null;
  const [low, high] = wilson(longer / decided, decided);
  return { share: longer / decided, low, high, pairs: decided };
}
