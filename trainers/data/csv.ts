// Rows of a CSV file (RFC 4180), named by its first line.
import { createReadStream } from "node:fs";
import { parse } from "csv-parse";

/** Every row as an object of texts; empty fields are left out. */
export async function* csvRows(path: string): AsyncGenerator<unknown> {
  const rows = createReadStream(path).pipe(parse({ columns: true, bom: true, skip_empty_lines: true }));
  for await (const row of rows as AsyncIterable<Record<string, string>>)
    yield Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ""));
}
