// What the data checks found in a dataset, kept in a file: it is made when somebody asks for it, and can be deleted at any time.
import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { dataFolder } from "../../common/env";
import type { RowDetail, VersionDto } from "./changes-schema";
import { type CheckReport, checkReport } from "./checks-schema";

type RowFinding = RowDetail["findings"][number];

/** A dataset whose rows came with their labels, or one that is annotated. */
export interface Checked {
  kind: "labelled" | "queue";
  id: number;
}

export const findingsFile = ({ kind, id }: Checked) => join(dataFolder(), "indexes", `${kind}-${id}.checks.sqlite`);

function withFindings<T>(of: Checked, work: (found: Database.Database) => T): T | null {
  if (!existsSync(findingsFile(of))) return null;
  const found = new Database(findingsFile(of), { readonly: true });
  try {
    return work(found);
  } finally {
    found.close();
  }
}

/** Null before anybody had it checked. */
export const reportOfChecks = (of: Checked): CheckReport | null =>
  withFindings(of, (found) => {
    const said = JSON.parse(found.prepare("SELECT json FROM report").pluck().get() as string) as object;
    const checks = found
      .prepare('SELECT "check", count(DISTINCT row) AS rows FROM findings GROUP BY "check" ORDER BY rows DESC')
      .all();
    return checkReport.parse({ ...said, checks });
  });

/** The rows that a check found: lines of the import, or ids of records. */
export const rowsFound = (of: Checked, check: string): number[] =>
  withFindings(
    of,
    (found) =>
      found.prepare('SELECT DISTINCT row FROM findings WHERE "check" = ? ORDER BY row').pluck().all(check) as number[],
  ) ?? [];

/** Takes from findings what they say of rows that are about to be changed: they quote what is private in them. Which check found them stays. */
export function withdrawFindings(of: Checked, rows: number[]): void {
  if (rows.length === 0 || !existsSync(findingsFile(of))) return;
  const found = new Database(findingsFile(of));
  try {
    found.pragma("journal_mode = MEMORY");
    withdrawFrom(found, rows);
  } finally {
    found.close();
  }
}

export function withdrawFrom(found: Database.Database, rows: number[]): void {
  found.pragma("secure_delete = ON"); // nothing of it is left on the pages of the file
  found
    .prepare("UPDATE findings SET detail = '' WHERE row IN (SELECT value FROM json_each(?))")
    .run(JSON.stringify(rows));
}

/** Of a row with its history: none where its texts were changed since it was checked, as a finding quotes what was masked. */
export function findingsOf(of: Checked, row: number, history: Pick<VersionDto, "number" | "action">[]): RowFinding[] {
  const version = reportOfChecks(of)?.version ?? 0;
  const kept = ["exclude", "include"];
  if (history.some(({ number, action }) => number > version && !kept.includes(action))) return [];
  const found = withFindings(of, (found) =>
    found.prepare('SELECT "check", detail FROM findings WHERE row = ?').all(row),
  );
  return (found ?? []) as RowFinding[];
}
