// Statements are prepared once and used again. drizzle prepares anew for every query, which costs more than many a query does; and where
// Node is 24.19 or newer, better-sqlite3 before 13 (which wants Node 22) ends the process when a statement that nobody needs any more is
// collected while nothing runs: WiseLibs/better-sqlite3#1515, closed. So no statement that is still asked for may be dropped.
import type Database from "better-sqlite3";

/** Far more texts than the source has: lists in them are one parameter (one-of.ts). Those of rows inserted at once vary with their number. */
const mostKept = 1000;

/** A `prepare` that keeps the statements it was asked for last. */
export function keptStatements(database: Database.Database): Database.Database["prepare"] {
  const prepare = database.prepare.bind(database);
  const kept = new Map<string, Database.Statement>();
  const prepareOnce = (source: string): Database.Statement => {
    const statement = kept.get(source) ?? prepare(source);
    kept.delete(source);
    kept.set(source, statement); // the last ones asked for stand last
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
    if (statement.reader) statement.pluck(false).raw(false).expand(false); // as new, whatever who had it last asked it to give
    return statement;
  };
  return prepareOnce as Database.Database["prepare"];
}
