// How many runs train on this machine at a time: as many as somebody allows, and as memory holds.
import { readFileSync } from "node:fs";

/** For the page, votes and what the system caches. */
const kept = 0.1;

export interface Slots {
  /** Runs at once. */
  count: number;
  /** Bytes of the machine. */
  memory: number;
}

/**
 * Whether a run that needs `next` bytes may start beside those at work, each with the bytes that it was planned to need. A run by itself starts whatever it
 * needs, since it was let into the queue; one of which nobody knows what it needs, as of another engine, trains alone.
 */
export function hasRoom({ count, memory }: Slots, atWork: (number | null)[], next: number | null): boolean {
  if (atWork.length === 0) return true;
  const needed = [...atWork, next];
  if (needed.length > count || needed.includes(null)) return false;
  return needed.reduce<number>((sum, bytes) => sum + bytes!, 0) <= (1 - kept) * memory;
}

/** The processors of one of `count` slots, as taskset takes them; null where it has all. With more slots than processors some share one. */
export function processorsOf(slot: number, count: number, usable = usableProcessors()): string | null {
  if (count === 1) return null;
  const own = usable.filter((_, i) => Math.floor((i * count) / usable.length) === slot);
  return own.length > 0 ? own.join() : String(usable[slot % usable.length]);
}

/** Those that this process may run on. */
function usableProcessors(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))![1]!;
  return list.split(",").flatMap((range) => {
    const [from, to = from] = range.split("-").map(Number) as [number, number?];
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}
