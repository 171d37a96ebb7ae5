// Rows of a Parquet file, a row group at a time. Where one is damaged, the rows around the damage are read and the others named.
import {
  asyncBufferFromFile,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { BadLine } from "./lines";

export interface ParquetRow {
  line: number;
  value: unknown;
}
interface Part {
  start: number;
  end: number;
}

/** Every row as a plain object: 64-bit integers as numbers, absent values left out. */
export async function* parquetRows(path: string): AsyncGenerator<ParquetRow | BadLine> {
  let metadata: FileMetaData;
  const file = await asyncBufferFromFile(path);
  try {
    metadata = await parquetMetadataAsync(file);
  } catch (error) {
    yield {
      line: 1,
      reason: `the Parquet file's footer cannot be read (${because(error)}); without it no row can be found`,
    };
    return;
  }
  const read = ({ start, end }: Part) =>
    parquetReadObjects({ file, metadata, rowStart: start, rowEnd: end, compressors: boundedCompressors });
  let start = 0;
  for (const [index, group] of metadata.row_groups.entries()) {
    const where = `row group ${index + 1} of ${metadata.row_groups.length}`;
    if (!isPlausible(group)) {
      yield { line: start + 1, reason: `${where} and what follows cannot be read: its count of rows is damaged` };
      return;
    }
    const part = { start, end: start + Number(group.num_rows) };
    yield* salvaged(read, part, where);
    start = part.end;
  }
}

/** Whether each column has a value for each row: rows are made room for before they are read. */
const isPlausible = ({ num_rows, columns }: FileMetaData["row_groups"][number]): boolean =>
  num_rows >= 0n &&
  columns.length > 0 &&
  columns.every(({ meta_data }) => meta_data !== undefined && meta_data.num_values >= num_rows);

const largestPage = 2 ** 28;

/** What unpacks a page, unless the page claims more than any page of rows has: it would be given the memory before a byte is looked at. */
export const boundedCompressors: Compressors = Object.fromEntries(
  Object.entries(compressors).map(([name, unpack]) => [
    name,
    (packed: Uint8Array, size: number) => {
      if (size > largestPage)
        throw new Error(`a page claims to unpack to ${Math.round(size / 1e6)} MB; at most ${largestPage / 1e6} MB`);
      return unpack(packed, size);
    },
  ]),
);

type Read = (part: Part) => Promise<Record<string, unknown>[]>;

/** The rows of a part; where it cannot be read, those of its halves, unless neither its first nor its last row can be either. */
async function* salvaged(read: Read, part: Part, where: string): AsyncGenerator<ParquetRow | BadLine> {
  const { start, end } = part;
  let failure: unknown;
  try {
    const rows = await read(part);
    for (const [i, row] of rows.entries()) yield { line: start + i + 1, value: plain(row) };
    return;
  } catch (error) {
    failure = error;
  }
  const readable = async (row: number) => {
    try {
      return (await read({ start: row, end: row + 1 })).length > 0;
    } catch {
      return false;
    }
  };
  if (end - start > 1 && ((await readable(start)) || (await readable(end - 1)))) {
    const middle = Math.floor((start + end) / 2);
    yield* salvaged(read, { start, end: middle }, where);
    yield* salvaged(read, { start: middle, end }, where);
    return;
  }
  const rows = end - start > 1 ? `rows ${start + 1} to ${end} cannot be read` : "cannot be read";
  yield { line: start + 1, reason: `${rows}: ${where} is damaged (${because(failure)})` };
}

const because = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 100);

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(entries.map(([name, part]) => [name, plain(part)]));
}
