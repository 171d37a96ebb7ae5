import "server-only";
import { and, asc, eq, isNull } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { isAlone, questionOf } from "../../../spec/queue-options";
import { openDatasets } from "../../access/dataset-roles";
import { isBusy, passes, retryOnBusyAsync } from "../../db/busy";
import { appDb } from "../../db/client";
import { type Queue, queueChanges, queues } from "../../db/tables/queues";
import { renderMarkdown } from "../../markdown/markdown";
import { keepGuidelines, newestGuidelines, unreadGuidelines } from "../guidelines/versions";
import { withRecord } from "../judging/asked-record";
import { progress } from "../judging/judge";
import type { OwnRecordsDto, OwnStatus } from "../judging/judging-schema";
import { servedTasks, takeTasks } from "../judging/next-tasks";
import { ownRecords } from "../judging/own-records";
import { paceOf } from "../judging/pace";
import { queueRow } from "../judging/queue-row";
import { tallyOf } from "../judging/tally";
import { openPairs, personIn } from "../judging/tally-state";
import { progressOf } from "../work/progress";
import { requireFreeName } from "./queue-names";
import type { QueueDto, QueueSettings, ScreenDto } from "./queue-schema";

const tasksAhead = 16;

/** Every queue that is in use and that whoever asks may read, or annotate, with this annotator's progress; 0 stands for nobody. */
export function listQueues(annotatorId: number, permission: "read" | "annotate" = "read"): QueueDto[] {
  const inUse = and(isNull(queues.deletedAt), isNull(queues.archivedAt));
  const all = appDb().select().from(queues).where(inUse).orderBy(asc(queues.id)).all();
  return openDatasets("annotate", all, permission).map((queue) => queueDto(queue, annotatorId));
}

/** As whoever annotates sees it: of what they were given, where they were given something. */
function ownQueue(queue: QueueDto): QueueDto {
  const { work, progress } = queue;
  return work ? { ...queue, progress: { ...progress, total: work.assigned, judged: work.done } } : queue;
}

/** Every dataset that this annotator may annotate. */
export const queuesToAnnotate = (annotatorId: number): QueueDto[] => listQueues(annotatorId, "annotate").map(ownQueue);

export function getQueue(id: number, annotatorId: number): QueueDto {
  const queue = queueRow(id);
  if (!queue || queue.deletedAt !== null) throw new AppError(404, `There is no dataset ${id}.`);
  return queueDto(queue, annotatorId);
}

/** The data of the annotation screen: the queue, and enough tasks that the next one is there at once. A record that is asked for comes first. */
export function rankingScreen(queueId: number, annotatorId: number, record: number | null = null): ScreenDto {
  const queue = ownQueue(getQueue(queueId, annotatorId)); // first: it says so where there is none
  const tasks = takeTasks(annotatorId, queueId, tasksAhead, Date.now());
  const paceMs = paceOf(annotatorId, queueId);
  const unread = unreadGuidelines(annotatorId, queueId);
  return { queue, unread, tasks: withRecord(annotatorId, queueId, record, tasks), paceMs, problem: null };
}

/** So long a page waits for a busy database. */
const patienceMs = 1000;

/** The same for a page that is opened: it opens also where nothing can be written for now. */
export async function openingScreen(queueId: number, annotatorId: number, record: number | null): Promise<ScreenDto> {
  try {
    return await retryOnBusyAsync(() => rankingScreen(queueId, annotatorId, record), patienceMs);
  } catch (error) {
    const problem = whyHeld(error);
    const tasks = servedTasks(annotatorId, queueId, tasksAhead, Date.now());
    const queue = ownQueue(getQueue(queueId, annotatorId));
    return { queue, unread: null, tasks, paceMs: paceOf(annotatorId, queueId), problem }; // nothing can be agreed to
  }
}

/** The annotator's list, which opens in the same way. */
export async function openingList(
  annotatorId: number,
  queue: Queue,
  asked: { status: OwnStatus; after: number | null },
): Promise<OwnRecordsDto & Pick<ScreenDto, "problem">> {
  try {
    return { ...(await retryOnBusyAsync(() => ownRecords(annotatorId, queue, asked), patienceMs)), problem: null };
  } catch (error) {
    const problem = whyHeld(error);
    return { ...ownRecords(annotatorId, queue, { ...asked, frozen: true }), problem };
  }
}

/** Why nothing can be written for now; any other error is thrown on. */
function whyHeld(error: unknown): "held" | "full" {
  if (!passes(error)) throw error;
  return isBusy(error) ? "held" : "full";
}

/** Changes settings or guidelines, and records who changed what. */
export function changeQueue(id: number, annotatorId: number, change: QueueSettings, now: number): void {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const { archived, askToRead = true, ...settings } = change;
  appDb().transaction((tx) => {
    if (settings.name !== undefined) requireFreeName(settings.name, id);
    if (settings.mode !== undefined) requireSameKind(id, settings.mode);
    const { changes } = tx
      .update(queues)
      .set({ ...settings, ...(archived !== undefined && { archivedAt: archived ? now : null }) })
      .where(eq(queues.id, id))
      .run();
    if (changes === 0) throw new AppError(404, `There is no dataset ${id}.`);
    const { guidelines } = settings;
    if (guidelines !== undefined) keepGuidelines({ id, guidelines, by: annotatorId, asks: askToRead }, now);
    tx.insert(queueChanges).values({ queueId: id, annotatorId, change: given, createdAt: now }).run();
  });
}

/** Its records are pairs and rankings, single answers, or solutions, and stay so. */
function requireSameKind(id: number, mode: Queue["mode"]): void {
  const { mode: before } = queueRow(id) ?? { mode };
  if (questionOf(before) === questionOf(mode)) return;
  const message = isAlone(before)
    ? isAlone(mode)
      ? "Votes on whole answers and on steps do not go together; import the records again with the other question."
      : "Its records are single answers, which cannot be compared."
    : "Its records are pairs; duplicate it as single answers instead.";
  throw new AppError(409, message, { problems: [{ path: "mode", message }] });
}

function queueDto(
  {
    createdAt: _,
    run: _run,
    deletedAt: _deleted,
    filledBy: _filler,
    filledAt: _filled,
    archivedAt,
    restricted: _restricted,
    ...queue
  }: Queue,
  annotatorId: number,
): QueueDto {
  const { id, guidelines, overlap } = queue;
  const tally = tallyOf(id);
  const { decided, equal, rewrites, goldPairs: gold, scored } = tally;
  return {
    ...queue,
    archived: archivedAt !== null,
    guidelinesHtml: renderMarkdown(guidelines),
    guidelinesVersion: newestGuidelines(id),
    decided,
    equal,
    rewrites,
    open: overlap === null ? null : openPairs(tally, overlap),
    gold,
    scored,
    progress: progress(annotatorId, id),
    work: progressOf(annotatorId, id, Date.now()),
    model: { ...personIn(tally, annotatorId).model },
  };
}
