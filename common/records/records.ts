// The records of a file, whatever its format: one value after another, and what is none by its line and reason. Nothing that stands in a
// file ends the reading of it but damage to the file itself, which is named where it begins.
import { turns } from "../turns";
import { utf8Bytes } from "./bytes";
import { csvRows } from "./csv";
import { parseJson } from "./json";
import { type Element, elementsOf } from "./json-array";
import { type BadLine, type Line, linesOf } from "./lines";
import { parquetRows } from "./parquet";

/** A value by its line; in Parquet by the number of its row. */
export interface FileRecord {
  line: number;
  value: unknown;
}

/** With `partial`, the file is the beginning of another one: what is cut off at its end is left out. Lets other work have its turn. */
export async function* records(path: string, { partial = false } = {}): AsyncGenerator<FileRecord | BadLine> {
  const turn = turns();
  for await (const record of allOf(path, partial)) {
    await turn();
    yield record;
  }
}

async function* allOf(path: string, partial: boolean): AsyncGenerator<FileRecord | BadLine> {
  const name = path.toLowerCase().replace(/\.gz$/, "");
  if (name.endsWith(".parquet")) {
    yield* parquetRows(path);
    return;
  }
  const bytes = utf8Bytes(path);
  if (/\.(csv|tsv)$/.test(name)) yield* csvRows(linesOf(bytes, partial), partial);
  else yield* jsonRecords(bytes, partial);
}

/** Lines of JSON, or one array, which begins with a bracket. */
async function* jsonRecords(bytes: AsyncGenerator<Buffer>, partial: boolean): AsyncGenerator<FileRecord | BadLine> {
  const { first, parts } = await begun(bytes);
  const texts: AsyncIterable<Line | Element | BadLine> =
    first === "[" ? elementsOf(parts, partial) : linesOf(parts, partial);
  for await (const text of texts) {
    if ("reason" in text) yield text;
    else if (text.text.trim() !== "") yield parsed(text);
  }
}

function parsed({ line, text }: Line | Element): FileRecord | BadLine {
  try {
    return { line, value: parseJson(text) };
  } catch (error) {
    return { line, reason: (error as Error).message };
  }
}

/** The first character that is no blank, with the bytes that were read for it put back. */
async function begun(bytes: AsyncGenerator<Buffer>): Promise<{ first: string; parts: AsyncGenerator<Buffer> }> {
  const read: Buffer[] = [];
  let failure: { error: unknown } | undefined;
  let first = "";
  try {
    for (let next = await bytes.next(); first === "" && !next.done; ) {
      read.push(next.value);
      first = next.value.toString("latin1").trimStart().slice(0, 1);
      if (first === "") next = await bytes.next();
    }
  } catch (error) {
    failure = { error };
  }
  return { first, parts: again() };

  async function* again() {
    yield* read;
    if (failure) throw failure.error;
    yield* bytes;
  }
}
