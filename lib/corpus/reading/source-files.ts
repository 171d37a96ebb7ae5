// Which files of a folder hold documents, and which documents a file holds.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../../common/json";
import { rowRecords } from "../../../common/rows/expand";
import { readRow } from "../../../common/rows/formats";
import { FieldError } from "../../../spec/field-error";
import { holdsRows } from "../../../spec/row-files";
import type { RawDocument, Unread } from "./raw-document";
import { tooLarge, warcDocuments } from "./warc";

const kinds: [RegExp, RawDocument["kind"]][] = [
  [/\.x?html?$/i, "html"],
  [/\.(md|markdown)$/i, "markdown"],
  [/\.(txt|text)$/i, "text"],
  [/\.pdf$/i, "pdf"],
];
const warc = /\.(warc|wet)(\.gz)?$/i;
const kindOf = (path: string) => kinds.find(([ending]) => ending.test(path))?.[1];
const isSource = (path: string) => kindOf(path) !== undefined || warc.test(path) || holdsRows(path);

/** A document that is larger is a dump of many. */
const mostBytes = 64 << 20;

/** Every file with documents, those of a folder in the order of their names; hidden ones are left out. */
export function sourceFiles(paths: string[]): string[] {
  return [...new Set(paths.flatMap(filesAt))];
}

function filesAt(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new FieldError("folder", `${path} cannot be read: there is no such file or folder`);
  const files = found.isDirectory() ? filesIn(path) : [path].filter(isSource);
  if (files.length > 0) return files;
  const wanted = "HTML, Markdown, text, PDF, WARC, or rows of text as JSON lines, CSV or Parquet";
  throw new FieldError("folder", `${path} holds no documents (${wanted}, by their endings)`);
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => isSource(path) && !/(^|\/)\./.test(path.slice(folder.length)))
    .sort();

export async function* documentsOf(path: string): AsyncGenerator<RawDocument | Unread> {
  const kind = kindOf(path);
  if (warc.test(path)) yield* warcDocuments(path, mostBytes);
  else if (kind) yield wholeFile(path, kind);
  else yield* rowsOf(path);
}

function wholeFile(path: string, kind: RawDocument["kind"]): RawDocument | Unread {
  try {
    if (statSync(path).size > mostBytes) return { id: path, reason: tooLarge(mostBytes) };
    return { id: path, kind, url: null, charset: null, bytes: readFileSync(path) };
  } catch (error) {
    return { id: path, reason: (error as Error).message };
  }
}

/** Rows of text, with the address that they came from where they have one. */
async function* rowsOf(path: string): AsyncGenerator<RawDocument | Unread> {
  for await (const record of rowRecords(path, { mapping: null })) {
    const id = `${path}#${record.line}`;
    if ("reason" in record) yield { id, reason: record.reason };
    else yield textRow(id, record.value);
  }
}

function textRow(id: string, value: unknown): RawDocument | Unread {
  try {
    const row = readRow(value);
    if (row.kind !== "text") return { id, reason: `it is a row of another kind (${row.kind}); only text is taken` };
    const url = isRecord(value) && typeof value.url === "string" ? value.url : null;
    return { id, kind: "text", url, charset: "utf-8", bytes: Buffer.from(row.text) };
  } catch (error) {
    return { id, reason: (error as Error).message };
  }
}
