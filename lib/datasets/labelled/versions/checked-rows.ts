// What the data checks found in a labelled dataset, kept beside its index: it is made when somebody asks for it, and can be deleted at any time.
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { dataFolder } from "../../../../common/env";
import type { RowOfFiles } from "../../../../common/rows/rows-of-files";
import type { LabelledSet } from "../../../db/tables/training-sets";
import type { Watch } from "../../../watch";
import { checkedRows } from "../../checks/check-rows";
import { testedPieces } from "../../checks/tested-pieces";
import { type CheckReport, checkReport } from "./checks-schema";
import { rowAdvice } from "./row-advice";
import { versionRows } from "./version-rows";
import { newestVersion } from "./versions";

const fileOf = (setId: number) => join(dataFolder(), "indexes", `labelled-${setId}.checks.sqlite`);

/** Checks the newest version. `against` are files whose rows are to stay unseen, `names` what they are called. */
export async function checkSet(
  set: LabelledSet,
  against: { files: string[]; names: string[] },
  now: number,
  { says, cancelled }: Watch = {},
): Promise<void> {
  const { number, rows: total } = newestVersion(set);
  const draft = `${fileOf(set.id)}.${crypto.randomUUID()}.tmp`;
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
    const report = {
      ...{ version: number, rows, at: now, against: against.names },
      languages: [...languages].map(([language, rows]) => ({ language, rows })).sort((a, b) => b.rows - a.rows),
    };
    found.prepare("INSERT INTO report (json) VALUES (?)").run(JSON.stringify(report));
    found.exec(
      `CREATE INDEX findings_check ON findings ("check", row); CREATE INDEX findings_row ON findings (row); COMMIT`,
    );
    found.close();
    renameSync(draft, fileOf(set.id));
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

function withFindings<T>(setId: number, work: (found: Database.Database) => T): T | null {
  if (!existsSync(fileOf(setId))) return null;
  const found = new Database(fileOf(setId), { readonly: true });
  try {
    return work(found);
  } finally {
    found.close();
  }
}

/** Null before anybody had it checked. */
export const reportOfChecks = ({ id }: LabelledSet): CheckReport | null =>
  withFindings(id, (found) => {
    const said = JSON.parse(found.prepare("SELECT json FROM report").pluck().get() as string) as object;
    const checks = found
      .prepare('SELECT "check", count(DISTINCT row) AS rows FROM findings GROUP BY "check" ORDER BY rows DESC')
      .all();
    return checkReport.parse({ ...said, checks });
  });

/** Lines of the rows that a check found. */
export const rowsFound = ({ id }: LabelledSet, check: string): number[] =>
  withFindings(
    id,
    (found) =>
      found.prepare('SELECT DISTINCT row FROM findings WHERE "check" = ? ORDER BY row').pluck().all(check) as number[],
  ) ?? [];

export const findingsOf = ({ id }: LabelledSet, row: number): { check: string; detail: string }[] =>
  (withFindings(id, (found) => found.prepare('SELECT "check", detail FROM findings WHERE row = ?').all(row)) ?? []) as {
    check: string;
    detail: string;
  }[];
