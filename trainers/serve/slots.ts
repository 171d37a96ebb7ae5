// Which row of the cache of keys and values a sequence is written into. A row keeps what was computed in it when its sequence has ended, so
// that a later prompt which begins the same way goes on from there: the turns of a conversation, a system prompt, a few-shot prompt.
import { type CachedRow, emptyRow } from "../inference/pages";

export interface Slot {
  row: CachedRow;
  /** Whose keys and values they are, and of which tokens. */
  policy: string | null;
  ids: number[];
  busy: boolean;
  /** When it was last freed, in turns of the clock. */
  freed: number;
}

export interface Place {
  slot: Slot;
  /** The first tokens of the prompt that `from` has. */
  kept: number;
  from: Slot;
}

export const newSlots = (count: number): Slot[] =>
  Array.from({ length: count }, () => ({ row: emptyRow(), policy: null, ids: [], busy: false, freed: 0 }));

/** For fewer tokens than this, which are soon computed, no other row is looked at. */
export const leastShared = 16;

/**
 * A free slot for a prompt; null where there is none. The slot that has most of the prompt's first tokens is gone on in where that loses nothing
 * of it; otherwise the slot that has been free for longest begins with their pages. The last token is always computed: the answer begins with its
 * hidden state.
 */
export function placeFor(slots: Slot[], policy: string, prompt: number[]): Place | null {
  const [oldest] = slots.filter(({ busy }) => !busy).sort((a, b) => a.freed - b.freed);
  if (!oldest) return null;
  const common = (slot: Slot) => (slot.policy === policy ? Math.min(shared(slot.ids, prompt), prompt.length - 1) : 0);
  const most = slots.reduce((best, slot) => (common(slot) > common(best) ? slot : best), oldest);
  if (!most.busy && common(most) === most.ids.length && common(most) > 0)
    return { slot: most, kept: common(most), from: most };
  const from = common(most) >= common(oldest) + leastShared ? most : oldest;
  return { slot: oldest, kept: common(from), from };
}

/** How many tokens two rows begin with in common. */
export function shared(a: number[], b: number[]): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[count] === b[count]) count++;
  return count;
}
