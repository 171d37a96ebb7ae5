// The next tasks of an annotator: records that a reviewer returned, gold pairs of the qualification round, then the queue's pairs mixed with
// gold and mirrored ones. Where a queue assigns or samples its pairs, one transaction counts and leases, so that fifty browsers asking at
// once get no pair too often.
import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { appDb } from "../../db/client";
import { prepared } from "../../db/prepared";
import { type Item, items } from "../../db/tables/items";
import type { Queue } from "../../db/tables/queues";
import { ownVoteOn } from "./judge";
import type { TaskDto } from "./judging-schema";
import { openTo, shares } from "./open-pairs";
import { noteAtWork } from "./presence";
import { queueRow } from "./queue-row";
import { returnedTo } from "./returns";
import { noteServed, wasServed } from "./served";
import { tallyOf } from "./tally";
import { type Pair, personIn, type QueueTally, someOf, type Vote } from "./tally-state";
import { asTask } from "./tasks";
import { voteDtoOf } from "./vote-content";

/** An annotator's votes between a pair and its mirrored repeat. */
export const mirrorGap = 50;

/** Up to `limit` tasks, recorded as served; where a queue assigns or samples its pairs they are leased to this annotator from now on. */
export function takeTasks(annotatorId: number, queueId: number, limit: number, now: number): TaskDto[] {
  const queue = queueRow(queueId);
  if (!queue) return [];
  const take = () => {
    const tasks = dueTasks(annotatorId, queue, { limit, now, frozen: false });
    noteServed(annotatorId, tasks);
    if (tasks.length > 0) noteAtWork(queueId, annotatorId, now);
    return tasks;
  };
  return shares(queue) ? appDb().transaction(take, { behavior: "immediate" }) : take();
}

/** Those of them that were served before: a vote on another one would not count. Writes nothing. */
export function servedTasks(annotatorId: number, queueId: number, limit: number, now: number): TaskDto[] {
  const queue = queueRow(queueId);
  const due = queue ? dueTasks(annotatorId, queue, { limit, now, frozen: true }) : [];
  return due.filter((task) => wasServed(annotatorId, task));
}

/** Where `frozen`, no pair is leased to the annotator that was not before. */
interface Asked {
  limit: number;
  now: number;
  frozen: boolean;
}

function dueTasks(annotatorId: number, queue: Queue, asked: Asked): TaskDto[] {
  const tally = tallyOf(queue.id);
  const due = trainingTasks(annotatorId, queue, tally) ?? nextTasks(annotatorId, queue, tally, asked);
  return [...returnedTasks(annotatorId, queue), ...due];
}

const returnedTasks = (annotatorId: number, queue: Queue): TaskDto[] =>
  returnedTo(annotatorId, queue.id).map(({ item, seq, note, judged }) => {
    const own = ownVoteOn(annotatorId, item.id);
    const said = own ? voteDtoOf(own.vote, item) : null;
    return asTask(item, annotatorId, { key: `${item.id}/return/${seq}`, revises: judged, note, said });
  });

/** Gold pairs left in the qualification round; null once it is over. */
function trainingTasks(annotatorId: number, { training }: Queue, tally: QueueTally): TaskDto[] | null {
  if (training === 0) return null;
  const { votes } = personIn(tally, annotatorId);
  const done = [...votes.values()].filter(({ pair }) => pair.gold && pair.place === 0).length;
  const left = goldLeft(annotatorId, tally, training - done);
  return left.length === 0 ? null : itemsOf(left).map((item) => asTask(item, annotatorId, { lesson: true }));
}

function goldLeft(annotatorId: number, tally: QueueTally, limit: number): Pair[] {
  const { judged } = personIn(tally, annotatorId);
  return someOf(tally.gold, limit, ({ id }) => !judged.has(id));
}

/** Pairs in turn; a hash of annotator and turn decides whether a gold or a mirrored pair is shown instead. */
function nextTasks(annotatorId: number, queue: Queue, tally: QueueTally, asked: Asked): TaskDto[] {
  const { limit } = asked;
  const { goldPercent, mirrorPercent, quota } = queue;
  const { judged, votes } = personIn(tally, annotatorId).counts;
  const due = quota === null ? limit : Math.min(limit, quota - judged);
  const pairs = due > 0 ? openTo(annotatorId, queue, tally, { ...asked, limit: due }) : [];
  const gold = goldPercent > 0 ? goldLeft(annotatorId, tally, limit) : [];
  const mirrors = mirrorPercent > 0 ? mirrorsLeft(annotatorId, tally, limit) : [];
  const chosen: { pair: Pair; mirror: boolean }[] = [];
  while (pairs.length > 0) {
    const percent = hashPercent(annotatorId, votes + chosen.length);
    const known = percent < goldPercent ? gold.shift() : undefined;
    const mirrored = percent >= goldPercent && percent < goldPercent + mirrorPercent ? mirrors.shift() : undefined;
    chosen.push({ pair: known ?? mirrored ?? pairs.shift()!, mirror: mirrored !== undefined });
  }
  const shown = itemsOf(chosen.map(({ pair }) => pair));
  return chosen.map(({ mirror }, i) => asTask(shown[i]!, annotatorId, { mirror }));
}

/** 0 to 99, the same for the same annotator and turn. */
const hashPercent = (annotatorId: number, turn: number) =>
  createHash("sha256").update(`turn/${annotatorId}/${turn}`).digest().readUInt16BE(0) % 100;

/** Pairs on which this annotator stated a preference at least `mirrorGap` votes ago and has not seen mirrored; oldest first. */
function mirrorsLeft(annotatorId: number, tally: QueueTally, limit: number): Pair[] {
  const { votes, mirrored, counts } = personIn(tally, annotatorId);
  const isDue = ({ pair, verdict }: Vote) =>
    (verdict === "first" || verdict === "second") && !pair.gold && !pair.inRanking && !mirrored.has(pair.id);
  const due: Pair[] = [];
  let old = counts.votes - counts.mirrors - mirrorGap;
  for (const vote of votes.values()) {
    if (old <= 0 || due.length === limit) break; // somebody may have given fifty thousand
    if (vote.pair.place !== 0 || vote.mirror) continue;
    old--;
    if (isDue(vote)) due.push(vote.pair);
  }
  return due;
}

const withIds = prepared((db) =>
  db
    .select()
    .from(items)
    .where(sql`${items.id} IN (SELECT value FROM json_each(${sql.placeholder("ids")}))`)
    .prepare(),
);

/** Rows of pairs, in the same order. */
function itemsOf(pairs: Pair[]): Item[] {
  const ids = pairs.map(({ id }) => id);
  const rows = withIds().all({ ids: JSON.stringify(ids) });
  const byId = new Map(rows.map((item) => [item.id, item]));
  return ids.map((id) => byId.get(id)!);
}
