// What the data checks found in a dataset, kept in a file: it is made when somebody asks for it, and can be deleted at any time.
import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { dataFolder } from "../../common/env";
import { type CheckReport, checkReport } from "./checks-schema";

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

export const findingsOf = (of: Checked, row: number): { check: string; detail: string }[] =>
  (withFindings(of, (found) => found.prepare('SELECT "check", detail FROM findings WHERE row = ?').all(row)) ?? []) as {
    check: string;
    detail: string;
  }[];
