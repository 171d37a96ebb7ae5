// The records of a file, whatever its format: one value after another, and what is none by its line and reason. Nothing that stands in a
// file ends the reading of it but damage to the file itself, which is named where it begins.
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { turns } from "../turns";
import { arrowRows } from "./arrow";
import { beginningOf, FileDamage, plainBytes, utf8Bytes } from "./bytes";
import { csvRows } from "./csv";
import { type BinaryKind, binaryKind } from "./file-kind";
import { parseJson } from "./json";
import { type Element, elementsOf, placesIn } from "./json-array";
import { type BadLine, type Line, linesOf } from "./lines";
import { parquetRows } from "./parquet";

/** A value by its line; in Parquet and Arrow by the number of its row. */
export interface FileRecord {
  line: number;
  value: unknown;
  /** Which record it is, where its line holds others before it: with this begins what is said of it. */
  within?: string;
  /** The JSON that it was read from, where that is a line. */
  json?: string;
}

export const placeIn = (record: FileRecord | BadLine): string => ("within" in record && record.within) || "";

/** With `partial`, the file is the beginning of another one: what is cut off at its end is left out. Lets other work have its turn. */
export async function* records(path: string, { partial = false } = {}): AsyncGenerator<FileRecord | BadLine> {
  const turn = turns();
  for await (const record of await allOf(path, partial)) {
    const wait = turn();
    if (wait) await wait;
    yield record;
  }
}

async function allOf(path: string, partial: boolean): Promise<AsyncIterable<FileRecord | BadLine>> {
  const { packed, head } = await beginningOf(path);
  const kind = binaryKind(head);
  if (kind || /\.parquet$/i.test(path))
    return packed ? unpackedFirst(path, kind ?? "parquet") : binaryRows[kind ?? "parquet"](path);
  const { begin, parts } = await begun(utf8Bytes(path));
  const isTable = /\.(csv|tsv)(\.gz|\.zst)?$/i.test(path) && !/^[{[]/.test(begin);
  return isTable ? csvRows(linesOf(parts, partial), partial) : jsonRecords(begin, parts, partial);
}

const binaryRows = { parquet: parquetRows, arrow: arrowRows };

/** Rows of a binary file that is packed as a whole: its reader goes to and fro in it, so it is unpacked to a file of its own. */
async function* unpackedFirst(path: string, kind: BinaryKind): AsyncGenerator<FileRecord | BadLine> {
  const file = join(tmpdir(), `workbench-${randomUUID()}.${kind}`);
  let damage: BadLine | undefined;
  try {
    await pipeline(plainBytes(path), createWriteStream(file)).catch((error: unknown) => {
      if (!(error instanceof FileDamage)) throw error;
      damage = { line: 1, reason: error.message };
    });
    if (damage) yield damage;
    else yield* binaryRows[kind](file);
  } finally {
    await rm(file, { force: true });
  }
}

/** Lines of JSON, or one array, which begins with a bracket, or objects over several lines each, of which the first has its brace to itself. */
async function* jsonRecords(
  begin: string,
  parts: AsyncGenerator<Buffer>,
  partial: boolean,
): AsyncGenerator<FileRecord | BadLine> {
  const texts: AsyncIterable<Line | Element | BadLine> =
    begin.startsWith("[") || /^\{[ \t]*\r?\n/.test(begin)
      ? elementsOf(parts, partial, begin.startsWith("["))
      : linesOf(parts, partial);
  let [count, before] = [0, 0];
  for await (const text of texts) {
    const { line } = text;
    count++;
    if ("reason" in text) yield text;
    else if (text.text.trim() !== "")
      yield line === before ? { ...parsed(text), within: `record ${count}: ` } : parsed(text);
    before = line;
  }
}

function parsed(read: Line | Element): FileRecord | BadLine {
  const { line } = read;
  try {
    if ("column" in read) return { line, value: parseJson(read.text, placesIn(read)) };
    const json = read.text.startsWith("\uFEFF") ? read.text.slice(1) : read.text; // where files with their marks were put together
    return { line, value: parseJson(json), json };
  } catch (error) {
    return { line, reason: (error as Error).message };
  }
}

/** How it begins after its blanks, with the bytes that were read for that put back. */
async function begun(bytes: AsyncGenerator<Buffer>): Promise<{ begin: string; parts: AsyncGenerator<Buffer> }> {
  const read: Buffer[] = [];
  let failure: { error: unknown } | undefined;
  let begin = "";
  try {
    for (let next = await bytes.next(); begin === "" && !next.done; ) {
      read.push(next.value);
      begin = next.value.toString("latin1").trimStart().slice(0, 100);
      if (begin === "") next = await bytes.next();
    }
  } catch (error) {
    failure = { error };
  }
  return { begin, parts: again() };

  async function* again() {
    try {
      yield* read;
      if (failure) throw failure.error;
      yield* bytes;
    } finally {
      await bytes.return(undefined); // whoever stops early leaves no file open
    }
  }
}
