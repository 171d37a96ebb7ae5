// Judgements are events: a vote, or an undo that names the vote it takes back. Nothing is ever changed or deleted; what stands is what no
// undo names. Unmarked, so that tests read it in plain Node.
import { and, desc, eq, lt, type SQL, sql } from "drizzle-orm";
import { appDb } from "../db/client";
import { type Aspects, assignments, type Item, items, type Judgement, judgements } from "../db/schema";
import { AppError } from "../errors";
import { isComplete, isTask } from "./overlap";
import { answersOf, choiceOf, judgedWith, verdictsOf } from "./rankings";
import type { JudgementInput, QueueProgress, Ratings, SaidDto, UndoneDto } from "./schema";
import { standingWhere } from "./standing";
import { asTask, orderFor } from "./tasks";

/** An annotator's votes that stand, newest first; a ranking by the pair that stands for it. */
export const ownVotes = (annotatorId: number, where?: SQL) =>
  standingWhere(and(eq(judgements.annotatorId, annotatorId), eq(items.place, 0), where)).orderBy(desc(judgements.seq));

interface Counts {
  total: number;
  judged: number;
  skipped: number;
  /** All votes that stand, also those on gold and mirrored pairs, which are no part of the work. */
  votes: number;
}

export const counts = (annotatorId: number, queueId: number): Counts =>
  appDb().get<Counts>(sql`
    SELECT (SELECT count(*) FROM items WHERE queue_id = ${queueId} AND ${isTask}) AS total,
      count(*) AS votes, total(${isTask} AND NOT v.mirror) AS judged,
      total(${isTask} AND NOT v.mirror AND v.verdict = 'skip') AS skipped
    FROM judgements v JOIN items ON items.id = v.item_id LEFT JOIN judgements u ON u.undoes = v.seq
    WHERE v.annotator_id = ${annotatorId} AND items.queue_id = ${queueId} AND items.place = 0 AND v.kind = 'vote' AND u.seq IS NULL`)!;

export function progress(annotatorId: number, queueId: number): QueueProgress {
  const { votes, ...shown } = counts(annotatorId, queueId);
  return { ...shown, canUndo: votes > 0 };
}

/**
 * Stores a vote; of a ranking one for each of its pairs. The same key again changes nothing. A second vote on a pair is refused unless it
 * revises the first, which is then taken back in the same breath. `shown` says which answer stood where, if not as pairs are served.
 */
export function judge(annotatorId: number, input: JudgementInput, now: number, shown?: number[]): void {
  const { key, itemId, choice, activeMs, mirror = false, revises = false } = input;
  appDb().transaction(
    (tx) => {
      if (tx.select().from(judgements).where(eq(judgements.key, key)).get()) return;
      const item = tx.select().from(items).where(eq(items.id, itemId)).get();
      if (!item) throw new AppError(404, `There is no pair ${itemId}.`, { refused: "vote" });
      const [earlier] = ownVotes(annotatorId, and(eq(items.id, itemId), eq(judgements.mirror, mirror)))
        .limit(1)
        .all();
      if (earlier && !revises)
        throw new AppError(409, "You have judged this pair already; undo first to change it.", { refused: "vote" });
      if (earlier) takeBack(earlier.vote, item, `${key}/undo`, now);
      const pairs = judgedWith(item);
      const order = shown ?? orderFor(annotatorId, item, answersOf(pairs).length, mirror);
      const own = and(eq(assignments.itemId, itemId), eq(assignments.annotatorId, annotatorId));
      const chance = tx.select().from(assignments).where(own).get()?.chance ?? null;
      const extra = isComplete(itemId, item.queueId, annotatorId);
      const common = { annotatorId, kind: "vote", mirror, chance, extra, createdAt: now } as const;
      const beside = {
        rationale: input.rationale ?? null,
        rewrite: input.rewrite ?? null,
        aspects: input.aspects ? swapped(input.aspects, order) : null,
        activeMs,
      };
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
    },
    { behavior: "immediate" },
  );
}

/** Ratings of left and right as ratings of first and second, or back. */
const swapped = (ratings: Ratings | Aspects, order: number[]): Aspects =>
  Object.fromEntries(
    Object.entries(ratings).map(([aspect, [a, b]]) => [aspect, order[0] === 0 ? [a, b] : [b, a]] as const),
  );

/** Takes back a vote that stands, with those on the other pairs of its ranking. */
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

/** The votes that were given with this one, by place: rows of one vote share its key's beginning. */
const votesWith = (vote: Judgement, item: Item): Judgement[] =>
  item.ranking === null
    ? [vote]
    : appDb()
        .select({ vote: judgements })
        .from(judgements)
        .innerJoin(items, eq(items.id, judgements.itemId))
        .where(
          and(
            eq(items.ranking, item.ranking),
            eq(judgements.kind, "vote"),
            sql`(${judgements.key} = ${vote.key} OR ${judgements.key} LIKE ${`${vote.key}/%`})`,
          ),
        )
        .orderBy(items.place)
        .all()
        .map(({ vote }) => vote);

/** What a vote said, as its annotator's screen spoke. */
export function saidBy(vote: Judgement, item: Item): SaidDto {
  const votes = votesWith(vote, item);
  const order = orderFor(vote.annotatorId, item, answersOf(judgedWith(item)).length, vote.mirror);
  const { rationale, rewrite, aspects } = vote;
  return { choice: choiceOf(votes, order), rationale, rewrite, aspects: aspects && swapped(aspects, order) };
}

/** Takes back the newest vote that stands in this queue. Null where there is none. The same key again gives the same answer. */
export function undoLast(annotatorId: number, queueId: number, key: string, now: number): UndoneDto | null {
  return appDb().transaction(
    (tx) => {
      const before = tx.select().from(judgements).where(eq(judgements.key, key)).get();
      const vote = before
        ? tx.select().from(judgements).where(eq(judgements.seq, before.undoes!)).get()
        : ownVotes(annotatorId, eq(items.queueId, queueId)).limit(1).get()?.vote;
      if (!vote) return null;
      const item = tx.select().from(items).where(eq(items.id, vote.itemId)).get()!;
      const said = saidBy(vote, item);
      if (!before) takeBack(vote, item, key, now);
      return { task: asTask(item, annotatorId, { mirror: vote.mirror }), ...said };
    },
    { behavior: "immediate" },
  );
}

/** Votes of one's own before `before`, newest first. */
export const votesBefore = (annotatorId: number, queueId: number, before: number, limit: number) =>
  ownVotes(annotatorId, and(eq(items.queueId, queueId), eq(judgements.mirror, false), lt(judgements.seq, before)))
    .limit(limit)
    .all();
