// Which pairs of a queue an annotator may judge next. Where pairs are assigned or sampled, whoever gets one holds a place on it (leases.ts).
import type { Strategy } from "../../../spec/queue-options";
import type { Queue } from "../../db/tables/queues";
import { onlyRecords, type QueueWork, workIn } from "./assigned-records";
import { draw, randomShare } from "./draw";
import { hold, type Lease, liveLeases } from "./leases";
import { against, isWork, type Pair, type Person, personIn, type QueueTally, someOf } from "./tally-state";

/** Whether assignments are stored. */
export const shares = ({ overlap, strategy }: Queue): boolean => overlap !== null || strategy !== "file";

/**
 * Up to `limit` pairs, those leased to the annotator first; all of them are leased from now on. Where nothing can be written (`frozen`) they
 * are those alone.
 */
export function openTo(
  annotatorId: number,
  queue: Queue,
  tally: QueueTally,
  { limit, now, frozen }: { limit: number; now: number; frozen: boolean },
): Pair[] {
  const { judged } = personIn(tally, annotatorId);
  const only = onlyRecords(annotatorId, queue);
  const isOpen = (pair: Pair) => isWork(pair) && !judged.has(pair.id) && (only?.has(pair.id) ?? true);
  if (!shares(queue) && only) return someOf(tally.tasks, limit, isOpen);
  if (!shares(queue)) return next(personIn(tally, annotatorId), tally, limit, isOpen);
  const leases = liveLeases(now);
  const own = leases // as they were drawn; a place once held stays one's own
    .flatMap((lease) => (lease.annotatorId === annotatorId ? (tally.pairs.get(lease.itemId) ?? []) : []))
    .filter((pair) => pair.queue === tally && isOpen(pair))
    .slice(0, limit);
  if (frozen) return own;
  const held = new Set(own.map(({ id }) => id));
  const others = othersOn(leases, tally, annotatorId);
  const promised = only ? () => 0 : promisedTo(leases, tally, workIn(queue.id));
  /** Whether active votes and live leases of others leave a place; to who was given no records, also those who were. */
  const hasRoom = (pair: Pair) =>
    queue.overlap === null || pair.opinions + (others.get(pair.id) ?? 0) + promised(pair) < queue.overlap;
  const isFree = (pair: Pair) => isOpen(pair) && !held.has(pair.id) && hasRoom(pair);
  const fresh = drawn(queue, tally, isFree, limit - own.length);
  const drew = fresh.map(({ pair: { id }, chance }) => ({ id, chance }));
  hold(annotatorId, [...own.map(({ id }) => ({ id, chance: null })), ...drew], now);
  return [...own, ...fresh.map(({ pair }) => pair)];
}

/** The next open tasks in their order. */
function next(person: Person, { tasks }: QueueTally, limit: number, isOpen: (pair: Pair) => boolean): Pair[] {
  while (person.past < tasks.length && !isOpen(tasks[person.past]!)) person.past++;
  const found: Pair[] = [];
  for (let at = person.past; at < tasks.length && found.length < limit; at++)
    if (isOpen(tasks[at]!)) found.push(tasks[at]!);
  return found;
}

/** Where the first task stands that may need somebody: all before it have their opinions or are excluded. */
function firstOpen(tally: QueueTally, overlap: number | null): number {
  if (tally.complete.overlap !== overlap) tally.complete = { overlap, tasks: 0 };
  const { tasks, complete } = tally;
  const isComplete = (pair: Pair) => !isWork(pair) || (overlap !== null && pair.opinions >= overlap);
  while (complete.tasks < tasks.length && isComplete(tasks[complete.tasks]!)) complete.tasks++;
  return complete.tasks;
}

/** How many others each pair is leased to who have not judged it. */
function othersOn(leases: Lease[], tally: QueueTally, annotatorId: number): Map<number, number> {
  const others = new Map<number, number>();
  for (const lease of leases)
    if (lease.annotatorId !== annotatorId && !personIn(tally, lease.annotatorId).judged.has(lease.itemId))
      others.set(lease.itemId, (others.get(lease.itemId) ?? 0) + 1);
  return others;
}

/** To how many people a record was given who have neither annotated nor leased it yet. */
function promisedTo(leases: Lease[], tally: QueueTally, { holders }: QueueWork): (pair: Pair) => number {
  if (holders.size === 0) return () => 0;
  const leased = new Set(leases.map(({ itemId, annotatorId }) => `${itemId}/${annotatorId}`));
  const isPromised = (id: number) => (person: number) =>
    !personIn(tally, person).judged.has(id) && !leased.has(`${id}/${person}`);
  return ({ id }) => holders.get(id)?.filter(isPromised(id)).length ?? 0;
}

/** The highest priority comes first; unscored pairs come last in either direction. */
const priorities: Record<Exclude<Strategy, "file">, (pair: Pair) => number> = {
  random: () => 0,
  unsure: ({ scores }) => (scores ? -Math.abs(scores[0] - scores[1]) : Number.NEGATIVE_INFINITY),
  gap: ({ scores }) => (scores ? Math.abs(scores[0] - scores[1]) : -1),
  disagreement: against,
};

type DrawnPair = { pair: Pair; chance: number | null };

function drawn(
  { strategy, overlap }: Queue,
  tally: QueueTally,
  isFree: (pair: Pair) => boolean,
  count: number,
): DrawnPair[] {
  if (count <= 0) return [];
  const tasks = tally.tasks.slice(firstOpen(tally, overlap));
  if (strategy === "file") return someOf(tasks, count, isFree).map((pair) => ({ pair, chance: null }));
  const free = foremost(tasks.filter(isFree), count, priorities[strategy]);
  const share = strategy === "random" ? 1 : randomShare;
  return draw([...free.keys()], count, share, Math.random).map(({ id, chance }) => ({ pair: free[id]!, chance }));
}

/** All pairs, the `count` of highest priority first; ties keep their order. */
export function foremost(pairs: Pair[], count: number, priorityOf: (pair: Pair) => number): Pair[] {
  const best: { pair: Pair; priority: number }[] = [];
  for (const pair of pairs) {
    const priority = priorityOf(pair);
    if (best.length === count && priority <= best[count - 1]!.priority) continue;
    const at = best.findIndex((other) => other.priority < priority);
    best.splice(at === -1 ? best.length : at, 0, { pair, priority });
    if (best.length > count) best.pop();
  }
  const first = new Set(best.map(({ pair }) => pair));
  return [...first, ...pairs.filter((pair) => !first.has(pair))];
}
