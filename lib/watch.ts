// Long readings of files, looked at from outside: how far they are, and that they stop when nobody wants them any more.

export interface Watch {
  cancelled?: AbortSignal;
  says?: (line: string) => void;
  /** What follows cannot be undone: throws if it was cancelled before, and from now on it cannot be. */
  commits?: () => void;
}

/** Rows between two reports. */
const every = 2000;

/** The same rows; throws what they were cancelled with. */
export async function* watchedRows<Row>(rows: AsyncIterable<Row>, { cancelled, says }: Watch): AsyncGenerator<Row> {
  let count = 0;
  for await (const row of rows) {
    if (count % every === 0) {
      cancelled?.throwIfAborted();
      if (count > 0) says?.(`${count.toLocaleString("en")} rows read`);
    }
    count++;
    yield row;
  }
  cancelled?.throwIfAborted();
}
