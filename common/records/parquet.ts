// Rows of a Parquet file, a row group at a time. Where one is damaged, the rows around the damage are read and the others named.
import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { opened } from "./bytes";
import type { BadLine } from "./lines";

export interface ParquetRow {
  line: number;
  value: unknown;
}
interface Part {
  start: number;
  end: number;
}
/** What the thread says: the row groups that there are, the rows of a part, or why there are none; `gone` where it says no more. */
type Answer =
  | { groups: { rows: number; plausible: boolean }[]; rows?: never; error?: never }
  | { rows: unknown[]; groups?: never; error?: never }
  | { error: string; gone?: boolean; groups?: never; rows?: never };

/** Every row as a plain object. */
export async function* parquetRows(path: string): AsyncGenerator<ParquetRow | BadLine> {
  await (await opened(path)).close(); // says it in a sentence where there is no such file
  const thread = readingThread(path);
  try {
    const { groups, error } = await thread.begin();
    if (!groups) {
      const why = `the Parquet file's footer cannot be read (${error}); without it no row can be found`;
      yield { line: 1, reason: why };
      return;
    }
    let start = 0;
    for (const [index, { rows, plausible }] of groups.entries()) {
      const where = `row group ${index + 1} of ${groups.length}`;
      if (!plausible) {
        yield {
          line: start + 1,
          reason: `${where} and what follows cannot be read: what it says of its columns is damaged`,
        };
        return;
      }
      yield* salvaged(thread.read, { start, end: start + rows }, where);
      start += rows;
    }
  } finally {
    await thread.end();
  }
}

/** For one part, in milliseconds. */
const patience = 60_000;
const memory = { maxOldGenerationSizeMb: 4096 };

/** A thread that reads parts. One that hangs or dies is replaced, and its part is what it failed at. */
function readingThread(path: string) {
  let worker: Worker | undefined;
  let settle: (answer: Answer) => void = () => undefined;
  const answer = () =>
    new Promise<Answer>((done) => {
      const timer = setTimeout(failed, patience, "reading it takes too long");
      settle = (given) => {
        clearTimeout(timer);
        done(given);
      };
    });
  const failed = (error: string) => {
    void worker?.terminate();
    worker = undefined;
    settle({ error, gone: true });
  };
  const begin = (): Promise<Answer> => {
    const program = resolve("common", "records", "parquet-worker.mjs");
    // not `new Worker`: the bundler of the pages would take the program for a module of theirs
    const own: Worker = Reflect.construct(Worker, [program, { workerData: path, resourceLimits: memory }]);
    const current = (work: () => void) => worker === own && work(); // one that was replaced has nothing to say
    own.on("message", (message: Answer) => current(() => settle(message)));
    own.on("error", (error: Error) => current(() => failed(error.message)));
    own.on("exit", () => current(() => failed("its reader ended")));
    worker = own;
    return answer();
  };
  return {
    begin,
    async read(part: Part): Promise<Answer> {
      const begun = worker ? null : await begin();
      if (!worker || begun?.error) return { error: "its reader does not start" };
      worker.postMessage(part);
      return answer();
    },
    end: async () => void (await worker?.terminate()),
  };
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
