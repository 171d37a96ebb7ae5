import "server-only";
import { asc, eq } from "drizzle-orm";
import { appDb } from "../db/client";
import { type Queue, queues } from "../db/schema";
import { AppError } from "../errors";
import type { PairDto } from "../judgements/schema";
import { decidedItems, nextPairs, progress, rewritesOf } from "../judgements/store";
import type { QueueDto } from "./schema";

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
  return { queue: getQueue(queueId, annotatorId), pairs: nextPairs(annotatorId, queueId, pairsAhead) };
}

const queueDto = ({ id, name, about }: Queue, annotatorId: number): QueueDto => ({
  id,
  name,
  about,
  decided: decidedItems(id).length,
  rewrites: rewritesOf(id).length,
  progress: progress(annotatorId, id),
});
