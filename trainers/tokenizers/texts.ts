// The texts of files, read as a stream: rows of any layout, and plain text.
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { dataFiles } from "../../common/records/files";
import { readRow } from "../../common/rows/formats";
import { textsOf } from "../../common/rows/row-texts";
import { rowsOfFiles } from "../../common/rows/rows-of-files";

export interface TextRow {
  texts: string[];
  /** Whether they are a row, not a piece of plain text. */
  isRow: boolean;
}

/** The texts of every row, and plain text in pieces. `skipped` is told of rows that cannot be read. */
export async function* textRows(paths: string[], skipped: (reason: string) => void): AsyncGenerator<TextRow> {
  for (const path of dataFiles(paths))
    if (/\.(txt|text|md)(\.gz)?$/i.test(path))
      for await (const piece of inPieces(plainText(path))) yield { texts: [piece], isRow: false };
    else yield* rowsIn(path, skipped);
}

export async function* textsOfFiles(paths: string[], skipped: (reason: string) => void): AsyncGenerator<string> {
  for await (const { texts } of textRows(paths, skipped)) yield* texts;
}

async function* rowsIn(path: string, skipped: (reason: string) => void): AsyncGenerator<TextRow> {
  for await (const row of rowsOfFiles([path], null)) {
    try {
      if ("reason" in row) throw new Error(row.reason);
      yield { texts: textsOf(readRow(row.value)), isRow: true };
    } catch (error) {
      skipped(`${path}, line ${row.line}: ${row.of}${(error as Error).message}`);
    }
  }
}

function plainText(path: string): AsyncIterable<string> {
  const file = createReadStream(path, { highWaterMark: 2 ** 20 });
  if (!path.toLowerCase().endsWith(".gz")) return file.setEncoding("utf8");
  const unpacked = createGunzip();
  pipeline(file, unpacked, () => {}); // what goes wrong reaches the reader of `unpacked`
  return unpacked.setEncoding("utf8");
}

/**
 * Texts that are cut into the same words as the whole, parted where every pre-tokenizer parts: before white space after a letter, and before a
 * letter that begins the line after one that is not blank, as in scripts that put no spaces between words.
 */
export async function* inPieces(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let held = "";
  for await (const chunk of chunks) {
    const known = held.length;
    held += chunk;
    const end = lastGap(held, Math.max(1, known - 2)); // what is before has none
    if (end > 0) yield held.slice(0, end);
    held = held.slice(end);
  }
  if (held !== "") yield held;
}

/** 0 where there is none from `from` on. */
function lastGap(text: string, from: number): number {
  for (let at = text.length - 1; at >= from; at--)
    if (text[at] === " " || text[at] === "\n") {
      if (text[at] === "\n" && /^\S\n\p{L}/u.test(text.slice(at - 1, at + 3))) return at + 1;
      if (/\p{L}$/u.test(text.slice(Math.max(0, at - 2), at))) return at;
    }
  return 0;
}
