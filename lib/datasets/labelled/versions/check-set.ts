// The data checks of a labelled dataset. The command line runs them, so that the server neither waits nor loads what tells languages (200 MB).
import { mkdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import type { RowOfFiles } from "../../../../common/rows/rows-of-files";
import type { LabelledSet } from "../../../db/tables/training-sets";
import type { Watch } from "../../../watch";
import { checkedRows } from "../../checks/check-rows";
import { testedPieces } from "../../checks/tested-pieces";
import { findingsFile } from "./checked-rows";
import type { CheckReport } from "./checks-schema";
import { rowAdvice } from "./row-advice";
import { versionRows } from "./version-rows";
import { newestVersion } from "./versions";

/** Checks the newest version. `against` are files whose rows are to stay unseen, `names` what they are called. */
export async function checkSet(
  set: LabelledSet,
  against: { files: string[]; names: string[] },
  now: number,
  { says, cancelled }: Watch = {},
): Promise<void> {
  const { number, rows: total } = newestVersion(set);
  const draft = `${findingsFile(set.id)}.${crypto.randomUUID()}.tmp`;
  mkdirSync(dirname(draft), { recursive: true });
  const tested = await testedPieces(against.files);
  const found = new Database(draft);
  try {
    found.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
      CREATE TABLE findings ("check" TEXT NOT NULL, row INTEGER NOT NULL, detail TEXT NOT NULL) STRICT;
      CREATE TABLE report (json TEXT NOT NULL) STRICT;`);
    const add = found.prepare('INSERT INTO findings ("check", row, detail) VALUES (?, ?, ?)');
    const languages = new Map<string, number>();
    const lines: number[] = []; // in the import, of the rows of this version
    const advice = rowAdvice();
    let rows = 0;
    for await (const checked of checkedRows(entriesOf(set, number, lines), tested)) {
      rows++;
      const { language } = checked;
      languages.set(language ?? "unknown", (languages.get(language ?? "unknown") ?? 0) + 1);
      for (const { check, line, detail } of checked.findings) add.run(check, line, detail);
      const line = lines[rows - 1]!;
      if (checked.row) for (const { check, detail } of advice(checked.row, line)) add.run(check, line, detail);
      if (rows % 500 !== 0) continue;
      cancelled?.throwIfAborted();
      says?.(`${rows} of ${total} rows checked`);
    }
    const report: Omit<CheckReport, "checks"> = {
      ...{ version: number, rows, at: now, against: against.names },
      languages: [...languages].map(([language, rows]) => ({ language, rows })).sort((a, b) => b.rows - a.rows),
    };
    found.prepare("INSERT INTO report (json) VALUES (?)").run(JSON.stringify(report));
    found.exec(
      `CREATE INDEX findings_check ON findings ("check", row); CREATE INDEX findings_row ON findings (row); COMMIT`,
    );
    found.close();
    renameSync(draft, findingsFile(set.id));
  } finally {
    found.close();
    await rm(draft, { force: true });
  }
}

/** Rows with their lines in the import, so that findings name those. */
async function* entriesOf(set: LabelledSet, version: number, lines: number[]): AsyncGenerator<RowOfFiles> {
  for await (const { id, line } of versionRows(set, version)) {
    lines.push(id);
    yield { line: id, of: "", value: JSON.parse(line) as unknown };
  }
}
