// Rows of the cache of keys and values that are kept when their sequences have ended, so that a later prompt which begins the same way goes on
// from there: the turns of a conversation, a system prompt, a few-shot prompt. They make room for sequences that need it, the oldest first.
import { type CachedRow, emptyRow, type Pages } from "../inference/pages";

/** A row, and whose keys and values of which tokens stand in it. */
export interface ReadRow {
  row: CachedRow;
  policy: string;
  ids: number[];
}

export interface KeptRows {
  /** A row for a prompt, which has what is there of its first tokens, in a kept row or one of `written`. The last token is always computed: the answer begins with its hidden state. */
  begin(prompt: number[], policy: string, written: ReadRow[]): ReadRow;
  empty(policy: string): ReadRow;
  keep(row: ReadRow): void;
  /** Drops kept rows until `pages` are free, and says whether they are. */
  makeRoom(pages: number): boolean;
}

/** Fewer tokens than this, which are soon computed, are not looked for in rows that go on otherwise. */
export const leastShared = 16;

export function keptRows(pages: Pages): KeptRows {
  let kept: ReadRow[] = []; // what was used last at the end
  const empty = (policy: string): ReadRow => ({ row: emptyRow(), policy, ids: [] });
  return {
    empty,
    begin(prompt, policy, written) {
      const counted = (rows: ReadRow[]): Counted[] =>
        rows.map((one) => ({
          one,
          there: one.policy === policy ? Math.min(shared(one.ids, prompt), prompt.length - 1) : 0,
        }));
      const own = counted(kept);
      const whole = longest(own.filter(({ one, there }) => there === one.ids.length))?.one;
      const { one: most, there = 0 } = longest([...own, ...counted(written)]) ?? {};
      if (whole && whole.ids.length + leastShared > there) {
        kept = kept.filter((one) => one !== whole);
        return whole; // nothing of it is lost
      }
      if (!most || there < leastShared) return empty(policy);
      if (kept.includes(most)) kept = [...kept.filter((one) => one !== most), most];
      return { row: pages.fork(most.row, there), policy, ids: prompt.slice(0, there) };
    },
    keep(row) {
      if (row.ids.length > 0) kept.push(row);
    },
    makeRoom(needed) {
      while (pages.free() < needed) {
        const oldest = kept.shift();
        if (!oldest) return false;
        pages.cut(oldest.row, 0);
      }
      return true;
    },
  };
}

/** A row, and how many tokens of a prompt are there. */
interface Counted {
  one: ReadRow;
  there: number;
}

/** The one with most of the prompt, of equal ones the first. */
const longest = (rows: Counted[]): Counted | undefined =>
  rows.reduce<Counted | undefined>((best, row) => (best && best.there >= row.there ? best : row), undefined);

/** How many tokens two rows begin with in common. */
export function shared(a: number[], b: number[]): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[count] === b[count]) count++;
  return count;
}
