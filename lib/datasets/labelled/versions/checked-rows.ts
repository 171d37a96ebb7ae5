// What the data checks found in a labelled dataset, kept beside its index: it is made when somebody asks for it, and can be deleted at any time.
import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { dataFolder } from "../../../../common/env";
import type { LabelledSet } from "../../../db/tables/training-sets";
import { type CheckReport, checkReport } from "./checks-schema";

export const findingsFile = (setId: number) => join(dataFolder(), "indexes", `labelled-${setId}.checks.sqlite`);

function withFindings<T>(setId: number, work: (found: Database.Database) => T): T | null {
  if (!existsSync(findingsFile(setId))) return null;
  const found = new Database(findingsFile(setId), { readonly: true });
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
