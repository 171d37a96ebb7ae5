// What comes next for an annotator: what a reviewer sent back, gold pairs to learn from, then the queue's pairs with gold and mirrored ones
// among them. Where a queue shares its pairs out or draws them, one transaction counts and takes, so that fifty browsers asking at once
// double none.
import { createHash } from "node:crypto";
import { and, asc, eq, inArray, isNotNull, isNull, lt, type SQL, sql } from "drizzle-orm";
import { appDb } from "../db/client";
import { assignments, type Item, items, judgements, type Queue, queues } from "../db/schema";
import type { Strategy } from "../queues/choices";
import { draw, randomShare } from "./draw";
import { counted, held, isTask, notJudged, room } from "./overlap";
import { returnedTo } from "./returns";
import { saidBy } from "./said";
import type { TaskDto } from "./schema";
import { noteServed } from "./served";
import { counts, ownVotes } from "./store";
import { asTask } from "./tasks";

/** How long a pair is kept for somebody; each look at the queue renews it. */
const leaseMs = 15 * 60_000;
/** Votes of one's own between a pair and its mirrored showing. */
export const mirrorGap = 50;

/** Up to `limit` tasks, noted as served; those of a queue that shares or draws its pairs are held for this annotator from now on. */
export function takeTasks(annotatorId: number, queueId: number, limit: number, now: number): TaskDto[] {
  const queue = appDb().select().from(queues).where(eq(queues.id, queueId)).get();
  if (!queue) return [];
  const take = () => {
    const tasks = [
      ...sentBack(annotatorId, queue),
      ...(lessons(annotatorId, queue) ?? work(annotatorId, queue, limit, now)),
    ];
    noteServed(annotatorId, tasks);
    return tasks;
  };
  return shares(queue) ? appDb().transaction(take, { behavior: "immediate" }) : take();
}

/** Whether a pair lies before so many people and no more for a while. */
const shares = ({ overlap, strategy }: Queue) => overlap !== null || strategy !== "file";

const sentBack = (annotatorId: number, queue: Queue): TaskDto[] =>
  returnedTo(annotatorId, queue.id).map(({ item, seq, note, judged }) => {
    const own = ownVotes(annotatorId, and(eq(items.id, item.id), eq(judgements.mirror, false)))
      .limit(1)
      .get();
    const said = own ? saidBy(own.vote, item) : null;
    return asTask(item, annotatorId, { key: `${item.id}/return/${seq}`, revises: judged, note, said });
  });

/** The gold pairs that are left of the training round; null once it is over. */
function lessons(annotatorId: number, queue: Queue): TaskDto[] | null {
  if (queue.training === 0) return null;
  const done = ownVotes(annotatorId, and(eq(items.queueId, queue.id), isNotNull(items.gold))).all().length;
  const left = goldLeft(annotatorId, queue.id, queue.training - done);
  return left.length === 0 ? null : left.map((item) => asTask(item, annotatorId, { teach: true }));
}

const goldLeft = (annotatorId: number, queueId: number, limit: number): Item[] =>
  appDb()
    .select()
    .from(items)
    .where(and(eq(items.queueId, queueId), isNotNull(items.gold), notJudged(annotatorId)))
    .orderBy(asc(items.position))
    .limit(Math.max(0, limit))
    .all();

/** Pairs in turn; by a coin of the annotator's own for each task, one is a gold or a mirrored pair instead. */
function work(annotatorId: number, queue: Queue, limit: number, now: number): TaskDto[] {
  const { goldPercent, mirrorPercent, quota } = queue;
  const { judged, votes } = counts(annotatorId, queue.id);
  const due = quota === null ? limit : Math.min(limit, quota - judged);
  const pairs = due > 0 ? openItems(annotatorId, queue, due, now) : [];
  const gold = goldPercent > 0 ? goldLeft(annotatorId, queue.id, limit) : [];
  const mirrors = mirrorPercent > 0 ? mirrorsLeft(annotatorId, queue.id, limit) : [];
  const tasks: TaskDto[] = [];
  while (pairs.length > 0) {
    const coin = coinOf(annotatorId, votes + tasks.length);
    const known = coin < goldPercent ? gold.shift() : undefined;
    const mirrored = coin >= goldPercent && coin < goldPercent + mirrorPercent ? mirrors.shift() : undefined;
    tasks.push(asTask(known ?? mirrored ?? pairs.shift()!, annotatorId, { mirror: mirrored !== undefined }));
  }
  return tasks;
}

/** 0 to 99, the same whenever it is asked. */
const coinOf = (annotatorId: number, turn: number) =>
  createHash("sha256").update(`turn/${annotatorId}/${turn}`).digest().readUInt16BE(0) % 100;

/** Pairs that this annotator preferred an answer of, `mirrorGap` votes ago or more, and has not seen the other way round; oldest first. */
function mirrorsLeft(annotatorId: number, queueId: number, limit: number): Item[] {
  const here = and(eq(items.queueId, queueId), eq(judgements.mirror, false));
  const [newest] = ownVotes(annotatorId, here)
    .limit(1)
    .offset(mirrorGap - 1)
    .all();
  if (!newest) return [];
  const unseen = sql`NOT EXISTS (SELECT 1 FROM judgements m LEFT JOIN judgements u ON u.undoes = m.seq
    WHERE m.item_id = items.id AND m.annotator_id = ${annotatorId} AND m.mirror AND m.kind = 'vote' AND u.seq IS NULL)`;
  const preferred = inArray(judgements.verdict, ["first", "second"]);
  const long = lt(judgements.seq, newest.vote.seq);
  return ownVotes(annotatorId, and(here, isNull(items.gold), isNull(items.ranking), long, preferred, unseen))
    .orderBy(asc(judgements.seq))
    .limit(limit)
    .all()
    .map(({ item }) => item);
}

/** Pairs of a queue that this annotator may judge, those held first. */
function openItems(annotatorId: number, queue: Queue, limit: number, now: number): Item[] {
  const free = and(
    eq(items.queueId, queue.id),
    isTask,
    notJudged(annotatorId),
    queue.overlap === null ? undefined : room(annotatorId, queue.overlap, now),
  );
  if (!shares(queue)) return appDb().select().from(items).where(free).orderBy(asc(items.position)).limit(limit).all();
  const own = appDb()
    .select()
    .from(items)
    .where(and(free, held(annotatorId, now)))
    .orderBy(sql`(SELECT a.rowid FROM assignments a WHERE a.item_id = items.id AND a.annotator_id = ${annotatorId})`) // as they were drawn
    .limit(limit)
    .all();
  const others = and(free, sql`NOT ${held(annotatorId, now)}`);
  const fresh = drawn(queue.strategy, others, limit - own.length);
  for (const id of own.map((item) => item.id)) hold(id, annotatorId, null, now);
  for (const { id, chance } of fresh) hold(id, annotatorId, chance, now);
  const byId = new Map(itemsOf(fresh).map((item) => [item.id, item]));
  return [...own, ...fresh.map(({ id }) => byId.get(id)!)];
}

const itemsOf = (fresh: { id: number }[]): Item[] =>
  fresh.length === 0
    ? []
    : appDb()
        .select()
        .from(items)
        .where(sql`${items.id} IN ${fresh.map(({ id }) => id)}`)
        .all();

const margin = sql`(SELECT abs(s.first - s.second) FROM item_scores s WHERE s.item_id = items.id)`;
/** What comes first: a pair that no model has scored comes last, whichever way. */
const priorities: Record<Strategy, SQL> = {
  file: sql`-items.position`,
  random: sql`0`,
  unsure: sql`-coalesce(${margin}, 1e300)`,
  gap: sql`coalesce(${margin}, -1)`,
  disagreement: sql`(SELECT min(total(v.verdict = 'first'), total(v.verdict = 'second')) ${counted})`,
};

function drawn(strategy: Strategy, open: SQL | undefined, count: number): { id: number; chance: number | null }[] {
  if (count <= 0) return [];
  const query = appDb().select({ id: items.id }).from(items).where(open);
  const inOrder = query.orderBy(sql`${priorities[strategy]} DESC`, asc(items.position));
  if (strategy === "file")
    return inOrder
      .limit(count)
      .all()
      .map(({ id }) => ({ id, chance: null }));
  const ids = inOrder.all().map(({ id }) => id);
  return draw(ids, count, strategy === "random" ? 1 : randomShare, Math.random);
}

function hold(itemId: number, annotatorId: number, chance: number | null, now: number): void {
  const taken = sql<number>`(SELECT count(*) FROM assignments WHERE item_id = ${itemId})`;
  appDb()
    .insert(assignments)
    .values({ itemId, annotatorId, slot: taken, expiresAt: now + leaseMs, chance })
    .onConflictDoUpdate({
      target: [assignments.itemId, assignments.annotatorId],
      set: { expiresAt: now + leaseMs, ...(chance !== null && { chance }) },
    })
    .run();
}
