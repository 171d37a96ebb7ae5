// A record that is opened by its address.
import { eq } from "drizzle-orm";
import { may } from "../../../spec/roles";
import { askedNow } from "../../access/asked";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { onlyRecords } from "./assigned-records";
import { ownVoteOn } from "./judge";
import type { TaskDto } from "./judging-schema";
import { shares } from "./open-pairs";
import { queueRow } from "./queue-row";
import { noteServed } from "./served";
import { tallyOf } from "./tally";
import { isWork } from "./tally-state";
import { asTask } from "./tasks";
import { voteDtoOf } from "./vote-content";

/**
 * The tasks with the record that was asked for at their head: with the annotator's vote on it, where there is one; behind what a reviewer
 * returned, where there is none; as a repeat with its sides swapped, where that is due. Nothing changes where the queue has no such record, or is still practising.
 */
export function withRecord(annotatorId: number, queueId: number, record: number | null, tasks: TaskDto[]): TaskDto[] {
  const tally = tallyOf(queueId);
  const pair = record === null ? undefined : tally.pairs.get(record);
  if (pair?.queue !== tally || !isWork(pair) || tasks[0]?.lesson) return tasks;
  const item = appDb().select().from(items).where(eq(items.id, pair.id)).get()!;
  const own = ownVoteOn(annotatorId, item.id);
  const repeat = tasks.find((task) => task.id === item.id && task.mirror);
  if (repeat) return [repeat, ...tasks.filter((task) => task !== repeat)]; // it is asked again without what was said before
  const others = tasks.filter(({ id, mirror }) => id !== item.id || mirror);
  const returned = tasks.filter(({ note }) => note !== null);
  if (returned.some(({ id }) => id === item.id)) return tasks;
  if (own) {
    const said = voteDtoOf(own.vote, item);
    return [asTask(item, annotatorId, { key: `${item.id}/asked`, revises: true, said }), ...others];
  }
  if (mayChoose(annotatorId, queueId, pair.id)) noteServed(annotatorId, [{ id: item.id, mirror: false }]);
  const fresh = others.filter(({ note }) => note === null);
  return [...returned, asTask(item, annotatorId, { key: `${item.id}/asked` }), ...fresh];
}

/** Where records are handed out, who only annotates does not choose among them, nor others than they were given: a vote on one is kept as an extra. */
function mayChoose(annotatorId: number, queueId: number, record: number): boolean {
  const asked = askedNow();
  if (asked === null || may(asked.user?.role ?? null, "review")) return true;
  const queue = queueRow(queueId)!;
  return !shares(queue) && (onlyRecords(annotatorId, queue)?.has(record) ?? true);
}
