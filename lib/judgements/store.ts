// Judgements are events: a vote, or an undo that names the vote it takes back. The current vote on an item is the last one
// that stands. Unmarked, so that tests and the snapshot maker read it in plain Node.
import { and, asc, desc, eq, isNull, notInArray, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { appDb } from "../db/client";
import { assignments, type Item, items, type Judgement, judgements, type Verdict } from "../db/schema";
import { AppError } from "../errors";
import { isComplete, wanting } from "./overlap";
import { rulingsOf, type Standing } from "./rulings";
import type { Choice, JudgementInput, PairDto, QueueProgress } from "./schema";
import { shownLeft } from "./sides";

const undo = alias(judgements, "undo");
const notUndone = and(eq(judgements.kind, "vote"), isNull(undo.seq));

/** Votes that stand, newest first. */
function standing(annotatorId: number, queueId: number) {
  return appDb()
    .select({ judgement: judgements })
    .from(judgements)
    .innerJoin(items, eq(items.id, judgements.itemId))
    .leftJoin(undo, eq(undo.undoes, judgements.seq))
    .where(and(eq(judgements.annotatorId, annotatorId), eq(items.queueId, queueId), notUndone))
    .orderBy(desc(judgements.seq));
}

/** Which answer stands left for an annotator: by their slot where the pair was assigned, so that raters of a pair see opposite sides. */
export function sideFor(annotatorId: number, itemId: number): "first" | "second" {
  const own = and(eq(assignments.itemId, itemId), eq(assignments.annotatorId, annotatorId));
  return shownLeft(appDb().select().from(assignments).where(own).get()?.slot ?? annotatorId, itemId);
}

export function asPair(item: Item, annotatorId: number): PairDto {
  const [left, right] =
    sideFor(annotatorId, item.id) === "first" ? [item.first, item.second] : [item.second, item.first];
  return { id: item.id, position: item.position, prompt: item.prompt, left, right };
}

/** The next pairs of a queue that this annotator has not judged. */
export function nextPairs(annotatorId: number, queueId: number, limit: number): PairDto[] {
  const judged = appDb()
    .select({ id: judgements.itemId })
    .from(judgements)
    .leftJoin(undo, eq(undo.undoes, judgements.seq))
    .where(and(eq(judgements.annotatorId, annotatorId), notUndone));
  const open = and(eq(items.queueId, queueId), notInArray(items.id, judged));
  return appDb()
    .select()
    .from(items)
    .where(open)
    .orderBy(asc(items.position))
    .limit(limit)
    .all()
    .map((item) => asPair(item, annotatorId));
}

export function progress(annotatorId: number, queueId: number): QueueProgress {
  const votes = standing(annotatorId, queueId).all();
  const total = appDb()
    .select({ count: sql<number>`count(*)` })
    .from(items)
    .where(eq(items.queueId, queueId))
    .get()!.count;
  return {
    total,
    judged: votes.length,
    skipped: votes.filter(({ judgement }) => judgement.verdict === "skip").length,
    canUndo: votes.length > 0,
  };
}

/** Pairs of a queue with overlap that want more judgements. */
export const openPairs = (queueId: number): number =>
  appDb().get<{ count: number }>(
    sql`SELECT count(*) AS count FROM items WHERE queue_id = ${queueId} AND ${wanting(queueId)}`,
  )!.count;

function stored(choice: Choice, left: "first" | "second"): Pick<Judgement, "verdict" | "strength" | "reason"> {
  const right = left === "first" ? "second" : "first";
  if (choice.kind === "left") return { verdict: left, strength: choice.strength, reason: null };
  if (choice.kind === "right") return { verdict: right, strength: choice.strength, reason: null };
  return { verdict: choice.kind, strength: null, reason: choice.kind === "flag" ? choice.reason : null };
}

function chosen({ verdict, strength, shownLeft, reason }: Judgement): Choice {
  if (verdict === "first" || verdict === "second")
    return { kind: verdict === shownLeft ? "left" : "right", strength: strength! };
  return verdict === "flag" ? { kind: verdict, reason: reason! } : { kind: verdict! };
}

/** Stores a vote. The same key again changes nothing; a second vote on an item is refused (undo first). */
export function judge(annotatorId: number, input: JudgementInput, now: number): void {
  const { key, itemId, choice, activeMs, rationale = null, rewrite = null } = input;
  appDb().transaction(
    (tx) => {
      if (tx.select().from(judgements).where(eq(judgements.key, key)).get()) return;
      const item = tx.select().from(items).where(eq(items.id, itemId)).get();
      if (!item) throw new AppError(404, `There is no pair ${itemId}.`);
      if (
        standing(annotatorId, item.queueId)
          .all()
          .some(({ judgement }) => judgement.itemId === itemId)
      )
        throw new AppError(409, "You have judged this pair already; undo first to change it.");
      const left = sideFor(annotatorId, itemId);
      tx.insert(judgements)
        .values({
          key,
          annotatorId,
          itemId,
          kind: "vote",
          ...stored(choice, left),
          rationale,
          rewrite,
          shownLeft: left,
          activeMs,
          extra: isComplete(itemId, item.queueId, annotatorId),
          createdAt: now,
        })
        .run();
    },
    { behavior: "immediate" },
  );
}

export interface Undone {
  pair: PairDto;
  choice: Choice;
  rationale: string | null;
  rewrite: string | null;
}

/** Takes back the newest vote that stands in this queue. Null where there is none. The same key again gives the same answer. */
export function undoLast(annotatorId: number, queueId: number, key: string, now: number): Undone | null {
  return appDb().transaction(
    (tx) => {
      const before = tx.select().from(judgements).where(eq(judgements.key, key)).get();
      const vote = before
        ? tx.select().from(judgements).where(eq(judgements.seq, before.undoes!)).get()
        : standing(annotatorId, queueId).limit(1).get()?.judgement;
      if (!vote) return null;
      const item = tx.select().from(items).where(eq(items.id, vote.itemId)).get()!;
      if (!before) {
        const { itemId, shownLeft } = vote;
        tx.insert(judgements)
          .values({ key, annotatorId, itemId, kind: "undo", shownLeft, activeMs: 0, undoes: vote.seq, createdAt: now })
          .run();
      }
      const { rationale, rewrite } = vote;
      return { pair: asPair(item, annotatorId), choice: chosen(vote), rationale, rewrite };
    },
    { behavior: "immediate" },
  );
}

export interface Decided {
  item: Item;
  /** Sum of signed strengths over the raters: above 0 the first answer won, below 0 the second. */
  balance: number;
  raters: number;
  /** What they say why. */
  rationales: string[];
  /** Whether a reviewer has decided it. */
  ruled: boolean;
}

const standingIn = (queueId: number) =>
  appDb()
    .select({ item: items, judgement: judgements })
    .from(judgements)
    .innerJoin(items, eq(items.id, judgements.itemId))
    .leftJoin(undo, eq(undo.undoes, judgements.seq))
    .where(and(eq(items.queueId, queueId), notUndone))
    .orderBy(asc(items.position))
    .all();

/** Whether a verdict compares the answers. */
export const isOpinion = (verdict: Verdict): boolean => verdict !== "skip" && verdict !== "flag";

export type StandingVote = Judgement & { verdict: Verdict };

/** Every vote on a queue's pairs that stands. */
export const votesOf = (queueId: number): StandingVote[] =>
  standingIn(queueId).map(({ judgement }) => judgement as StandingVote);

/** By item: what those who judged it think together. Skipped by all, it has no rater and no balance. */
export function standingVotes(queueId: number): Map<number, Decided> {
  const rows = standingIn(queueId);
  const byItem = new Map<number, Decided>();
  for (const { item, judgement } of rows) {
    const decided = byItem.get(item.id) ?? { item, balance: 0, raters: 0, rationales: [], ruled: false };
    decided.balance +=
      judgement.verdict === "first" ? judgement.strength! : judgement.verdict === "second" ? -judgement.strength! : 0;
    decided.raters += isOpinion(judgement.verdict!) ? 1 : 0;
    if (judgement.rationale !== null) decided.rationales.push(judgement.rationale);
    byItem.set(item.id, decided);
  }
  return byItem;
}

/** Answers that annotators wrote because they knew a better one, with their prompts. */
export const rewritesOf = (queueId: number): { item: Item; rewrite: string }[] =>
  standingIn(queueId).flatMap(({ item, judgement: { rewrite } }) => (rewrite === null ? [] : [{ item, rewrite }]));

/** Items on which a reviewer's ruling, else the raters' balance, prefers one answer; ties, skips and "both bad" decide nothing. */
export function decidedItems(queueId: number): Decided[] {
  const rulings = rulingsOf(queueId);
  return [...standingVotes(queueId).values()]
    .map((decided) => ruledBy(rulings.get(decided.item.id), decided))
    .filter(({ balance }) => balance !== 0);
}

/** As strongly as the votes lean that way, at least barely. */
function ruledBy(verdict: Standing | undefined, decided: Decided): Decided {
  if (verdict === undefined) return decided;
  if (verdict === "neither") return { ...decided, balance: 0, ruled: true };
  const sign = verdict === "first" ? 1 : -1;
  return { ...decided, balance: sign * Math.max(decided.raters, sign * decided.balance), ruled: true };
}
