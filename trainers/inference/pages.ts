// In which pages of the cache a row's keys and values stand. Rows that begin alike hold pages together, and a page that others hold as well is
// copied before it is written into (PagedAttention, Kwon et al. 2023, arXiv 2309.06180, §4.3 and §4.4).
import { copyPages, type NativeCache, pageTokens } from "../models/native-model";

/** A row of tokens in the cache. */
export interface CachedRow {
  /** Token i stands in pages[⌊i / pageTokens⌋]. */
  pages: number[];
  /** How many of its tokens are there. */
  length: number;
}

export interface Pages {
  /** A row that begins with the first `length` tokens of another, and goes on by itself. */
  fork(row: CachedRow, length?: number): CachedRow;
  /** Pages that `count` more tokens in a row take from the free ones. */
  needed(row: CachedRow, count: number): number;
  /** Makes room for `count` more tokens in each row, which the next pass over the model writes. */
  extend(rows: CachedRow[], count: number): void;
  /** Takes all but the first `length` tokens from a row. */
  cut(row: CachedRow, length: number): void;
  free(): number;
  /** Pages that are held, and the tokens in them. */
  held(): { pages: number; tokens: number };
}

export const pagesFor = (tokens: number): number => Math.ceil(tokens / pageTokens);

export const emptyRow = (): CachedRow => ({ pages: [], length: 0 });

export function pagesOf(cache: NativeCache): Pages {
  const count = cache.keys.shape[0]!;
  const holders = new Int32Array(count);
  const tokens = new Uint8Array(count); // of those that are held
  const free = Array.from({ length: count }, (_, i) => count - 1 - i); // what was used last is taken first, and then the lowest

  return {
    fork(row, length = row.length) {
      const pages = row.pages.slice(0, pagesFor(length));
      for (const page of pages) holders[page]!++;
      return { pages, length };
    },
    needed: (row, count) =>
      pagesFor(row.length + count) - row.pages.length + (count > 0 && sharedEnd(row) !== undefined ? 1 : 0),
    extend(rows, added) {
      const copies: [from: number, to: number][] = [];
      for (const row of rows) {
        const first = Math.floor(row.length / pageTokens);
        const last = sharedEnd(row);
        if (last !== undefined) {
          row.pages[first] = take();
          copies.push([last, row.pages[first]!]);
          drop(last);
        }
        row.length += added;
        while (row.pages.length < pagesFor(row.length)) row.pages.push(take());
        for (const [i, page] of row.pages.slice(first).entries())
          tokens[page] = Math.min(pageTokens, row.length - (first + i) * pageTokens);
      }
      if (copies.length > 0) copyPages(cache, ...turned(copies));
    },
    cut(row, length) {
      for (const page of row.pages.splice(pagesFor(length))) drop(page);
      row.length = length;
      const last = row.pages.at(-1);
      if (last !== undefined && holders[last] === 1) tokens[last] = length - (row.pages.length - 1) * pageTokens;
    },
    free: () => free.length,
    held: () => ({
      pages: count - free.length,
      tokens: tokens.reduce((sum, some, page) => sum + (holders[page]! > 0 ? some : 0), 0),
    }),
  };

  /** The page that the row ends within, where others hold it as well. */
  function sharedEnd(row: CachedRow): number | undefined {
    const last = row.pages[Math.floor(row.length / pageTokens)];
    return last !== undefined && holders[last]! > 1 ? last : undefined;
  }

  function take(): number {
    const page = free.pop();
    if (page === undefined) throw new Error(`all ${count} pages of the cache are held`);
    holders[page] = 1;
    return page;
  }

  function drop(page: number): void {
    holders[page]!--;
    if (holders[page] === 0) free.push(page);
  }
}

const turned = (pairs: [number, number][]): [number[], number[]] => [
  pairs.map(([from]) => from),
  pairs.map(([, to]) => to),
];
