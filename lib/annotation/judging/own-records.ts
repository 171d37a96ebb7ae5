// The records of a queue by what they are to one annotator: still to be annotated, annotated, skipped, flagged, returned by a reviewer.
import { asc, inArray } from "drizzle-orm";
import { appDb } from "../../db/client";
import { type Item, items } from "../../db/tables/items";
import type { Queue } from "../../db/tables/queues";
import { onlyRecords } from "./assigned-records";
import { ownVotes } from "./judge";
import type { OwnRecordDto, OwnRecordsDto, OwnStatus, TaskDto } from "./judging-schema";
import { servedTasks, takeTasks } from "./next-tasks";
import { shares } from "./open-pairs";
import { answersOf, judgedWith } from "./rankings";
import { returnedTo } from "./returns";
import { noteServed } from "./served";
import { tallyOf } from "./tally";
import { isWork, type Pair, personIn, type QueueTally, type Vote } from "./tally-state";
import { orderFor } from "./tasks";
import { voteDtoOf } from "./vote-content";

const atOnce = 25;

interface Asked {
  status: OwnStatus;
  /** The record before the page, as the list shrinks while it is annotated; null for the first page. */
  after: number | null;
  /** Where nothing can be written: only records that were served before are listed. */
  frozen?: boolean;
}

/** A page of the annotator's records with one status; those to be annotated count as served. */
export function ownRecords(annotatorId: number, queue: Queue, { status, after, frozen = false }: Asked): OwnRecordsDto {
  const takes = status === "pending" && !frozen; // a look at others assigns none
  const next = (takes ? takeTasks : servedTasks)(annotatorId, queue.id, atOnce, Date.now());
  const groups = grouped(annotatorId, queue, next, frozen);
  const ids = groups[status];
  const start = startOf(ids, after, queue.id);
  const shown = ids.slice(start, start + atOnce);
  const isLast = start + atOnce >= ids.length;
  if (takes)
    noteServed(
      annotatorId,
      shown.map((id) => ({ id, mirror: false })),
    );
  const counts = Object.fromEntries(Object.entries(groups).map(([name, ids]) => [name, ids.length]));
  return {
    counts: counts as OwnRecordsDto["counts"],
    page: Math.ceil(start / atOnce) + 1,
    pages: Math.max(1, Math.ceil(start / atOnce) + Math.ceil((ids.length - start) / atOnce)),
    previous: start === 0 ? null : (ids[start - atOnce - 1] ?? 0),
    next: isLast ? null : shown.at(-1)!,
    records: shown.length === 0 ? [] : itemsOf(shown).map((item) => recordOf(annotatorId, item)),
  };
}

/** Where the page after a record begins; the last page, where nothing comes after it. */
function startOf(ids: number[], after: number | null, queueId: number): number {
  const { pairs } = tallyOf(queueId);
  const position = (after === null ? undefined : pairs.get(after)?.position) ?? -1;
  const start = ids.findIndex((id) => pairs.get(id)!.position > position);
  return start === -1 ? Math.max(0, ids.length - atOnce) : start;
}

function grouped(annotatorId: number, queue: Queue, next: TaskDto[], frozen: boolean): Record<OwnStatus, number[]> {
  const tally = tallyOf(queue.id);
  const own = new Map<number, Vote>();
  for (const vote of personIn(tally, annotatorId).votes.values()) if (!vote.mirror) own.set(vote.pair.id, vote);
  const done = (fits: (vote: Vote) => boolean) =>
    tally.tasks.filter(isWork).flatMap(({ id }) => {
      const vote = own.get(id);
      return vote && fits(vote) ? [id] : [];
    });
  return {
    pending: pendingOf(annotatorId, queue, next, frozen, tally, own),
    annotated: done(({ verdict }) => verdict !== "skip" && verdict !== "flag"),
    skipped: done(({ verdict }) => verdict === "skip"),
    flagged: done(({ verdict }) => verdict === "flag"),
    returned: inOrder(
      tally,
      returnedTo(annotatorId, queue.id).map(({ item }) => item.id),
    ),
  };
}

const inOrder = ({ pairs }: QueueTally, ids: number[]) =>
  ids.toSorted((a, b) => pairs.get(a)!.position - pairs.get(b)!.position);

/** What may be annotated next in any order: where records are assigned, practice comes first, or nothing can be written, the next ones alone. */
function pendingOf(
  annotatorId: number,
  queue: Queue,
  next: TaskDto[],
  frozen: boolean,
  tally: QueueTally,
  own: Map<number, Vote>,
): number[] {
  if (next.some(({ lesson }) => lesson)) return [];
  if (frozen || shares(queue) || queue.quota !== null)
    return inOrder(
      tally,
      next.flatMap(({ id, mirror, note }) => (mirror || note !== null ? [] : [id])),
    );
  const only = onlyRecords(annotatorId, queue);
  const isDue = (pair: Pair) => isWork(pair) && !own.has(pair.id) && (only?.has(pair.id) ?? true);
  return tally.tasks.filter(isDue).map(({ id }) => id);
}

const itemsOf = (ids: number[]): Item[] =>
  appDb().select().from(items).where(inArray(items.id, ids)).orderBy(asc(items.position)).all();

const lineOf = (text: string) => text.slice(0, 400).replaceAll(/\s+/g, " ").slice(0, 200);

function recordOf(annotatorId: number, item: Item): OwnRecordDto {
  const answers = answersOf(judgedWith(item));
  const order = orderFor(annotatorId, item, answers.length, false);
  const own = ownVotes(annotatorId, inArray(items.id, [item.id])).all();
  const vote = own.find(({ vote }) => !vote.mirror)?.vote;
  return {
    id: item.id,
    prompt: lineOf(item.prompt.at(-1)?.content ?? ""),
    answers: order.map((at) => lineOf(answers[at]!)),
    said: vote ? voteDtoOf(vote, item) : null,
  };
}
