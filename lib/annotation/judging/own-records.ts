// The records of a queue by what they are to one annotator: still to be annotated, annotated, skipped, flagged, returned by a reviewer.
import { asc, inArray } from "drizzle-orm";
import { appDb } from "../../db/client";
import { type Item, items } from "../../db/tables/items";
import type { Queue } from "../../db/tables/queues";
import { ownVotes } from "./judge";
import type { OwnRecordDto, OwnRecordsDto, OwnStatus, TaskDto } from "./judging-schema";
import { servedTasks, takeTasks } from "./next-tasks";
import { shares } from "./open-pairs";
import { answersOf, judgedWith } from "./rankings";
import { returnedTo } from "./returns";
import { noteServed } from "./served";
import { tallyOf } from "./tally";
import { isWork, type Pair, personIn, type Vote } from "./tally-state";
import { orderFor } from "./tasks";
import { voteDtoOf } from "./vote-content";

const atOnce = 25;

/** A page of the annotator's records with one status; those to be annotated count as served. */
export function ownRecords(annotatorId: number, queue: Queue, status: OwnStatus, page: number): OwnRecordsDto {
  const groups = grouped(annotatorId, queue, status === "pending" ? takeTasks : servedTasks); // a look at others assigns none
  const ids = groups[status];
  const shown = ids.slice((page - 1) * atOnce, page * atOnce);
  if (status === "pending")
    noteServed(
      annotatorId,
      shown.map((id) => ({ id, mirror: false })),
    );
  const counts = Object.fromEntries(Object.entries(groups).map(([name, ids]) => [name, ids.length]));
  return {
    counts: counts as OwnRecordsDto["counts"],
    pages: Math.max(1, Math.ceil(ids.length / atOnce)),
    records: shown.length === 0 ? [] : itemsOf(shown).map((item) => recordOf(annotatorId, item)),
  };
}

function grouped(annotatorId: number, queue: Queue, next: typeof takeTasks): Record<OwnStatus, number[]> {
  const tally = tallyOf(queue.id);
  const own = new Map<number, Vote>();
  for (const vote of personIn(tally, annotatorId).votes.values()) if (!vote.mirror) own.set(vote.pair.id, vote);
  const done = (fits: (vote: Vote) => boolean) =>
    tally.tasks.filter(isWork).flatMap(({ id }) => {
      const vote = own.get(id);
      return vote && fits(vote) ? [id] : [];
    });
  return {
    pending: pendingOf(queue, next(annotatorId, queue.id, atOnce, Date.now()), tally.tasks, own),
    annotated: done(({ verdict }) => verdict !== "skip" && verdict !== "flag"),
    skipped: done(({ verdict }) => verdict === "skip"),
    flagged: done(({ verdict }) => verdict === "flag"),
    returned: returnedTo(annotatorId, queue.id).map(({ item }) => item.id),
  };
}

/** What may be annotated next in any order: where records are assigned, or practice comes first, the next ones alone. */
function pendingOf(queue: Queue, next: TaskDto[], tasks: Pair[], own: Map<number, Vote>): number[] {
  if (next.some(({ lesson }) => lesson)) return [];
  if (shares(queue) || queue.quota !== null)
    return next.filter(({ mirror, note }) => !mirror && note === null).map(({ id }) => id);
  return tasks.filter((pair) => isWork(pair) && !own.has(pair.id)).map(({ id }) => id);
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
