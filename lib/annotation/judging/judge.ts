// Judgements are events: a vote, or an undo that names a vote. Nothing is ever changed or deleted but that what is
// private in the words of a vote can be masked (../data-checks/vote-words.ts); a vote is active while no undo names it. Unmarked, so that
// tests read it in plain Node.
import { and, desc, eq, lt, type Placeholder, type SQL, sql } from "drizzle-orm";
import { isOpen } from "../../access/dataset-roles";
import { appDb } from "../../db/client";
import { prepared } from "../../db/prepared";
import { type Item, items } from "../../db/tables/items";
import { type Judgement, judgements } from "../../db/tables/judgements";
import { translatedError } from "../../messages/translated-error";
import { newestGuidelines } from "../guidelines/versions";
import { requireAnswer } from "./asked-steps";
import type { JudgementInput, QueueProgress, UndoneDto } from "./judging-schema";
import { endLease, hold } from "./leases";
import { shares } from "./open-pairs";
import { isComplete, isTask } from "./overlap";
import { noteAtWork } from "./presence";
import { queueRow } from "./queue-row";
import { answersOf, judgedWith, verdictsOf } from "./rankings";
import { assignmentOf, noteServed, wasServed } from "./served";
import { standingWhere } from "./standing-votes";
import { tallyOf } from "./tally";
import { openPairs, personIn } from "./tally-state";
import { asTask, orderFor } from "./tasks";
import { isSameVote, voteDetails, voteDtoOf, votesWith } from "./vote-content";

/** An annotator's active votes, newest first; a ranking is represented by its first pair. */
export const ownVotes = (annotatorId: number | Placeholder, where?: SQL) =>
  standingWhere(and(eq(judgements.annotatorId, annotatorId), eq(items.place, 0), where)).orderBy(desc(judgements.seq));

const voteOnRecord = prepared(() =>
  ownVotes(
    sql.placeholder("annotatorId"),
    and(eq(items.id, sql.placeholder("itemId")), eq(judgements.mirror, sql.placeholder("mirror"))),
  )
    .limit(1)
    .prepare(),
);

/** An annotator's active vote on a record, or on its mirrored repeat. */
export const ownVoteOn = (annotatorId: number, itemId: number, mirror = false) =>
  voteOnRecord().get({ annotatorId, itemId, mirror: Number(mirror) });

export function progress(annotatorId: number, queueId: number): QueueProgress {
  const tally = tallyOf(queueId);
  const { votes, judged, skipped } = personIn(tally, annotatorId).counts;
  return { total: openPairs(tally), judged, skipped, canUndo: votes > 0 };
}

interface Stored {
  extra: boolean;
  /** The newest version of the guidelines, where the vote was made under an earlier one. */
  newerGuidelines?: number;
}

/**
 * Stores a vote; of a ranking one for each of its pairs, whichever of them is named. The same key and content again changes nothing. A
 * second vote on a pair is refused unless it revises the first, which is then undone in the same transaction. `shown` says which answer
 * was shown where, if not as pairs are served. Returns whether the vote is stored as an extra, which is not counted.
 */
export function judge(annotatorId: number, input: JudgementInput, now: number, shown?: number[]): Stored {
  const { key, choice, activeMs, mirror = false, revises = false } = input;
  return appDb().transaction(
    (tx) => {
      const item = recordOf(input.itemId);
      noteAtWork(item.queueId, annotatorId, now);
      const before = withKey().get({ key });
      if (before) {
        if (!isSameVote(before, annotatorId, item, input)) throw usedKey("vote");
        return { extra: before.extra };
      }
      requireAnswer(choice, item);
      const earlier = ownVoteOn(annotatorId, item.id, mirror)?.vote;
      if (earlier && !revises) throw translatedError(409, "error.annotatedAlready", {}, { refused: "vote" });
      if (earlier) takeBack(earlier, item, `${key}/undo`, now);
      const pairs = judgedWith(item);
      const order = shown ?? orderFor(annotatorId, item, answersOf(pairs).length, mirror);
      const { chance = null, expiresAt = 0 } = assignmentOf(annotatorId, item.id) ?? {};
      const extra = isExtra(annotatorId, item, mirror, earlier);
      const newest = newestGuidelines(item.queueId);
      const guidelines = input.guidelines ?? null;
      requireKnown(guidelines, newest);
      const common = { annotatorId, kind: "vote", mirror, chance, extra, guidelines, createdAt: now } as const;
      const beside = { ...voteDetails(input, order, earlier), activeMs };
      for (const [i, says] of verdictsOf(choice, order).entries())
        tx.insert(judgements)
          .values({
            ...common,
            ...says,
            ...(i === 0 ? beside : { activeMs: 0 }),
            key: i === 0 ? key : `${key}/${i}`,
            itemId: pairs[i]!.id,
          })
          .run();
      if (!mirror && expiresAt > now) endLease(item.id, annotatorId, now);
      return { extra, ...(guidelines !== null && guidelines < newest && { newerGuidelines: newest }) };
    },
    { behavior: "immediate" },
  );
}

const withKey = prepared((db) =>
  db
    .select()
    .from(judgements)
    .where(eq(judgements.key, sql.placeholder("key")))
    .prepare(),
);

const usedKey = (refused?: "vote") => translatedError(409, "error.usedKey", {}, refused && { refused });

/** A vote may come late, made under guidelines that have been changed since; not under those to come. */
function requireKnown(said: number | null, newest: number): void {
  if (said === null || said <= newest) return;
  throw translatedError(409, "error.newerGuidelines", { said, newest }, { refused: "vote" });
}

const withId = prepared((db) =>
  db
    .select()
    .from(items)
    .where(eq(items.id, sql.placeholder("id")))
    .prepare(),
);

/** The pair that stores the vote on this item: the first pair of a ranking, or the item itself. */
function recordOf(itemId: number): Item {
  const item = withId().get({ id: itemId });
  if (!item || !isOpen({ kind: "annotate", id: item.queueId }, "annotate"))
    throw translatedError(404, "error.noRecord", { id: itemId }, { refused: "vote" });
  return judgedWith(item)[0]!;
}

/**
 * Whether a vote is stored without being counted: its pair was not served to this annotator, or was complete, or the annotator had reached
 * the limit. A vote that revises a counted one is counted. Gold and mirrored pairs use up neither places nor limits.
 */
function isExtra(annotatorId: number, item: Item, mirror: boolean, earlier: Judgement | undefined): boolean {
  if (earlier && !earlier.extra) return false;
  if (!wasServed(annotatorId, { id: item.id, mirror })) return true;
  if (mirror || item.gold) return false;
  const { quota } = queueRow(item.queueId)!;
  const isPastQuota = quota !== null && judgedBy(annotatorId, item.queueId) >= quota;
  return isPastQuota || isComplete(item.id, item.queueId, annotatorId);
}

/** How many tasks of a queue an annotator has done, inside a transaction that changes it. */
const judgedBy = (annotatorId: number, queueId: number): number =>
  appDb().get<{ judged: number }>(sql`SELECT count(*) AS judged
    FROM judgements v JOIN items ON items.id = v.item_id LEFT JOIN judgements u ON u.undoes = v.seq
    WHERE v.annotator_id = ${annotatorId} AND items.queue_id = ${queueId} AND ${isTask} AND v.kind = 'vote' AND NOT v.mirror AND u.seq IS NULL`)!
    .judged;

/** Undoes an active vote, with those on the other pairs of its ranking. */
function takeBack(vote: Judgement, item: Item, key: string, now: number): void {
  for (const { seq, itemId, shownLeft } of votesWith(vote, item))
    appDb()
      .insert(judgements)
      .values({
        key: itemId === vote.itemId ? key : `${key}/${itemId}`,
        annotatorId: vote.annotatorId,
        itemId,
        kind: "undo",
        shownLeft,
        activeMs: 0,
        undoes: seq,
        createdAt: now,
      })
      .run();
}

/** Undoes the annotator's active vote on a record, where there is one. */
export const withdraw = (annotatorId: number, itemId: number, key: string, now: number): void =>
  appDb().transaction(
    () => {
      const own = ownVoteOn(annotatorId, itemId);
      if (own) takeBack(own.vote, own.item, key, now);
    },
    { behavior: "immediate" },
  );

/**
 * Undoes the newest active vote in this queue and serves its pair again. Null where there is none. The same key again gives the same
 * result.
 */
export function undoLast(annotatorId: number, queueId: number, key: string, now: number): UndoneDto | null {
  return appDb().transaction(
    (tx) => {
      const before = withKey().get({ key });
      if (before && (before.kind !== "undo" || before.annotatorId !== annotatorId)) throw usedKey();
      const vote = before
        ? tx.select().from(judgements).where(eq(judgements.seq, before.undoes!)).get()
        : ownVotes(annotatorId, eq(items.queueId, queueId)).limit(1).get()?.vote;
      if (!vote) return null;
      const item = tx.select().from(items).where(eq(items.id, vote.itemId)).get()!;
      if (item.queueId !== queueId) throw usedKey();
      const said = voteDtoOf(vote, item);
      if (!before) takeBack(vote, item, key, now);
      if (!before && !vote.mirror && !vote.extra && shares(queueRow(queueId)!))
        hold(annotatorId, [{ id: item.id, chance: null }], now);
      if (!vote.extra) noteServed(annotatorId, [{ id: item.id, mirror: vote.mirror }]);
      return { task: asTask(item, annotatorId, { mirror: vote.mirror }), ...said };
    },
    { behavior: "immediate" },
  );
}

/** The annotator's votes before `before`, newest first. */
export const votesBefore = (annotatorId: number, queueId: number, before: number, limit: number) =>
  ownVotes(annotatorId, and(eq(items.queueId, queueId), eq(judgements.mirror, false), lt(judgements.seq, before)))
    .limit(limit)
    .all();
