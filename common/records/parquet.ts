// Rows of a Parquet file, a row group at a time, and of a large one a part. Where one is damaged, the rows around the damage are read and the
// others named.
import { opened } from "./bytes";
import type { BadLine } from "./lines";
import { readingThread } from "./reading-thread";

export interface ParquetRow {
  line: number;
  value: unknown;
}
interface Part {
  start: number;
  end: number;
}
/** What the thread says: the row groups that there are, the rows of a part, or why there are none. */
type Answer =
  | { groups: { rows: number; bytes: number; plausible: boolean }[]; rows?: never; error?: never }
  | { rows: unknown[]; groups?: never; error?: never }
  | { error: string; gone?: boolean; groups?: never; rows?: never };

/** Of a part. Each part of a group without an offset index reads the group's packed bytes again, so that parts are not smaller. */
const [bytesAtOnce, leastRows] = [2 ** 25, 1000];

/** Every row as a plain object. */
export async function* parquetRows(path: string): AsyncGenerator<ParquetRow | BadLine> {
  await (await opened(path)).close(); // says it in a sentence where there is no such file
  const thread = readingThread<Answer, Part>("parquet-worker.mjs", path);
  try {
    const { groups, error }: Answer = await thread.begin();
    if (!groups) {
      const why = `the Parquet file's footer cannot be read (${error}); without it no row can be found`;
      yield { line: 1, reason: why };
      return;
    }
    let start = 0;
    for (const [index, { rows, bytes, plausible }] of groups.entries()) {
      const where = `row group ${index + 1} of ${groups.length}`;
      if (!plausible) {
        yield {
          line: start + 1,
          reason: `${where} and what follows cannot be read: what it says of its columns is damaged`,
        };
        return;
      }
      const end = start + rows;
      const atOnce = Math.max(leastRows, Math.ceil(rows / Math.ceil(bytes / bytesAtOnce)));
      for (; start < end; start += atOnce)
        yield* salvaged(thread.ask, { start, end: Math.min(start + atOnce, end) }, where);
      start = end;
    }
  } finally {
    await thread.end();
  }
}

/** The rows of a part; where it cannot be read, those of its halves, unless neither its first nor its last row can be either, or reading hung. */
async function* salvaged(
  read: (part: Part) => Promise<Answer>,
  { start, end }: Part,
  where: string,
): AsyncGenerator<ParquetRow | BadLine> {
  const { rows, error, gone } = { gone: false, ...(await read({ start, end })) };
  if (rows) {
    for (const [i, value] of rows.entries()) yield { line: start + i + 1, value };
    return;
  }
  const readable = async (row: number) => (await read({ start: row, end: row + 1 })).rows?.length === 1;
  if (!gone && end - start > 1 && ((await readable(start)) || (await readable(end - 1)))) {
    const middle = Math.floor((start + end) / 2);
    yield* salvaged(read, { start, end: middle }, where);
    yield* salvaged(read, { start: middle, end }, where);
    return;
  }
  const what = end - start > 1 ? `rows ${start + 1} to ${end} cannot be read` : "cannot be read";
  yield { line: start + 1, reason: `${what}: ${where} is damaged (${error})` };
}
