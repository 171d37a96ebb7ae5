import "server-only";
import { asc, eq } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { appDb } from "../../db/client";
import { type Queue, queueChanges, queues } from "../../db/tables/queues";
import { renderMarkdown } from "../../markdown/markdown";
import { progress } from "../judging/judge";
import { takeTasks } from "../judging/next-tasks";
import { tallyOf } from "../judging/tally";
import { openPairs, personIn } from "../judging/tally-state";
import type { QueueDto, QueueSettings, ScreenDto } from "./queue-schema";

const tasksAhead = 16;

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
  if (!queue) throw new AppError(404, `There is no dataset ${id}.`);
  return queueDto(queue, annotatorId);
}

/** The data of the annotation screen: the queue, and enough tasks that the next one is there at once. */
export function rankingScreen(queueId: number, annotatorId: number): ScreenDto {
  const queue = getQueue(queueId, annotatorId); // first: it says so where there is none
  return { queue, tasks: takeTasks(annotatorId, queueId, tasksAhead, Date.now()) };
}

/** Changes settings or guidelines, and records who changed what. */
export function changeQueue(id: number, annotatorId: number, change: QueueSettings, now: number): void {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  appDb().transaction((tx) => {
    const { changes } = tx.update(queues).set(given).where(eq(queues.id, id)).run();
    if (changes === 0) throw new AppError(404, `There is no dataset ${id}.`);
    tx.insert(queueChanges).values({ queueId: id, annotatorId, change: given, createdAt: now }).run();
  });
}

function queueDto({ createdAt: _, ...queue }: Queue, annotatorId: number): QueueDto {
  const { id, guidelines, overlap } = queue;
  const tally = tallyOf(id);
  const { decided, rewrites, goldPairs: gold, scored } = tally;
  return {
    ...queue,
    guidelinesHtml: renderMarkdown(guidelines),
    decided,
    rewrites,
    open: overlap === null ? null : openPairs(tally, overlap),
    gold,
    scored,
    progress: progress(annotatorId, id),
    model: { ...personIn(tally, annotatorId).model },
  };
}
