// Whether a database file can be trusted. SQLite has no checksums of pages: what its checks see is structure, types, keys and references.
import { existsSync } from "node:fs";
import Database from "better-sqlite3";

/** Opened for reading. SQLite says that a file is no database, or damaged, only once it is read. */
export function reading<T>(path: string, work: (sqlite: Database.Database) => T): T {
  const sqlite = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    return work(sqlite);
  } finally {
    sqlite.close();
  }
}

/** What is wrong with it, in SQLite's words; `quick_check` leaves out whether indices agree with their tables, and references. */
export function faultsOf(path: string, check: "quick_check" | "integrity_check"): string[] {
  if (!existsSync(path)) return ["is missing"];
  try {
    return reading(path, (sqlite) => [
      ...(sqlite.prepare(`PRAGMA ${check}(10)`).pluck().all() as string[])
        .flatMap((text) => text.split("\n"))
        .filter((line) => line !== "ok" && !line.startsWith("***")), // a heading
      ...(check === "integrity_check" ? danglingRows(sqlite) : []),
    ]);
  } catch (error) {
    if (error instanceof Database.SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code)) return [error.message];
    throw error;
  }
}

const danglingRows = (sqlite: Database.Database): string[] =>
  (sqlite.pragma("foreign_key_check") as { table: string; rowid: number; parent: string }[])
    .slice(0, 10)
    .map(({ table, rowid, parent }) => `row ${rowid} of ${table} refers to a row of ${parent} that is not there`);
