import "server-only";
import { asc, eq } from "drizzle-orm";
import { appDb } from "../db/client";
import { type Queue, queues } from "../db/schema";
import { AppError } from "../errors";
import { takePairs } from "../judgements/assignment";
import type { PairDto } from "../judgements/schema";
import { decidedItems, openPairs, progress, rewritesOf } from "../judgements/store";
import type { QueueDto, QueueSettings } from "./schema";

const pairsAhead = 16;

/** Every queue with this annotator's progress; 0 stands for nobody. */
export function listQueues(annotatorId: number): QueueDto[] {
  return appDb()
    .select()
    .from(queues)
    .orderBy(asc(queues.id))
    .all()
    .map((queue) => queueDto(queue, annotatorId));
}

export function getQueue(id: number, annotatorId: number): QueueDto {
  const queue = appDb().select().from(queues).where(eq(queues.id, id)).get();
  if (!queue) throw new AppError(404, `There is no queue ${id}.`);
  return queueDto(queue, annotatorId);
}

/** What the ranking screen holds: the queue, and enough pairs that the next one is there at once. */
export function rankingScreen(queueId: number, annotatorId: number): { queue: QueueDto; pairs: PairDto[] } {
  const queue = getQueue(queueId, annotatorId); // first: it says so where there is none
  return { queue, pairs: takePairs(annotatorId, queueId, pairsAhead, Date.now()) };
}

export function changeQueue(id: number, { overlap, guidelines }: QueueSettings): void {
  const change = { ...(overlap !== undefined && { overlap }), ...(guidelines !== undefined && { guidelines }) };
  const { changes } = appDb().update(queues).set(change).where(eq(queues.id, id)).run();
  if (changes === 0) throw new AppError(404, `There is no queue ${id}.`);
}

const queueDto = ({ id, name, about, guidelines, overlap }: Queue, annotatorId: number): QueueDto => ({
  id,
  name,
  about,
  guidelines,
  decided: decidedItems(id).length,
  rewrites: rewritesOf(id).length,
  overlap,
  open: overlap === null ? null : openPairs(id),
  progress: progress(annotatorId, id),
});
