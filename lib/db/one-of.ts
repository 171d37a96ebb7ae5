import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/** Whether a column is one of these. drizzle's `inArray` writes a statement for each length of list, this one for all. */
export const oneOf = (column: SQLWrapper, values: readonly (string | number)[]): SQL =>
  sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`;
