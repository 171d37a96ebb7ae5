// How far people are with their assigned work, and what pace it needs.
import type { Queue } from "../../db/tables/queues";
import { workIn } from "../judging/assigned-records";
import { queueRow } from "../judging/queue-row";
import { tallyOf } from "../judging/tally";
import { isWork, personIn } from "../judging/tally-state";
import type { WorkProgress } from "./work-schema";

/** Null where they were given none. */
export function progressOf(annotatorId: number, queueId: number, now: number): WorkProgress | null {
  const given = workIn(queueId).people.get(annotatorId);
  const queue = queueRow(queueId);
  if (!given || !queue) return null;
  const counts = countsOf(annotatorId, queue, given.records, now);
  return { ...counts, assigned: counts.done + counts.left, due: given.due, ...paceFor(counts, given.due, now) };
}

type Counts = Pick<WorkProgress, "done" | "left" | "today">;

function countsOf(annotatorId: number, { id, overlap }: Queue, records: ReadonlySet<number>, now: number): Counts {
  const tally = tallyOf(id);
  const { judged, given } = personIn(tally, annotatorId);
  let [done, left, today] = [0, 0, 0];
  for (const record of records) {
    const pair = tally.pairs.get(record);
    if (!pair || !isWork(pair)) continue;
    if (judged.has(record)) done++;
    else if (overlap === null || pair.opinions < overlap) left++;
  }
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  for (let at = given.length - 1; at >= 0 && given[at]!.at >= midnight; at--) {
    const { pair, mirror } = given[at]!;
    if (!mirror && isWork(pair) && records.has(pair.id)) today++;
  }
  return { done, left, today };
}

const dayMs = 86_400_000;

/** Days as numbers that have no hours, so that no day is shorter than another. */
const dayNumber = (year: number, month: number, day: number) => Date.UTC(year, month, day) / dayMs;

/** Days from the one that it is now on the server to another; below 0 where that is over. */
export function daysUntil(due: string, now: number): number {
  const today = new Date(now);
  const [year, month, day] = due.split("-").map(Number) as [number, number, number];
  return dayNumber(year, month - 1, day) - dayNumber(today.getFullYear(), today.getMonth(), today.getDate());
}

/** The pace of a day counts what was done today, and so stays the same all day; on the last day the hours count. */
export function paceFor({ left, today }: Omit<Counts, "done">, due: string | null, now: number) {
  const days = due === null ? null : daysUntil(due, now);
  if (left === 0) return { needed: null, state: "done" } as const;
  if (days === null) return { needed: null, state: "open" } as const;
  if (days < 0) return { needed: { records: left, per: "day" }, state: "late" } as const;
  if (days === 0) return { needed: { records: Math.ceil(left / hoursLeft(now)), per: "hour" }, state: "soon" } as const;
  const needed = { records: Math.ceil((left + today) / (days + 1)), per: "day" } as const;
  return { needed, state: days === 1 ? "soon" : "open" } as const;
}

/** Until midnight; at least one. */
const hoursLeft = (now: number) => Math.max(1, (new Date(now).setHours(24, 0, 0, 0) - now) / 3_600_000);
