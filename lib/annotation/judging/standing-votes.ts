// The active votes of a whole queue. Mirrored repeats and gold pairs measure annotators and are not counted here,
// extras (`isExtra` in judge.ts) are counted nowhere. Unmarked, so that tests and the snapshot maker read it in plain Node.
import { and, asc, between, eq, isNotNull, isNull, max, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { sum } from "../../../spec/statistics";
import { appDb } from "../../db/client";
import { type Item, items } from "../../db/tables/items";
import { type Judgement, judgements, type Verdict } from "../../db/tables/judgements";
import { queues } from "../../db/tables/queues";
import { isPerson, knownImporter, knownJudges } from "../../people/importer";
import { wrongStepOf } from "./asked-steps";
import { isIncluded } from "./overlap";
import { type Ruled, rulingsOf } from "./rulings";

export const undo = alias(judgements, "undo");
export const notUndone = and(eq(judgements.kind, "vote"), isNull(undo.seq));

/** Votes that were not undone, extras included, with their pairs. */
export const standingWhere = (where: SQL | undefined) =>
  appDb()
    .select({ vote: judgements, item: items })
    .from(judgements)
    .innerJoin(items, eq(items.id, judgements.itemId))
    .leftJoin(undo, eq(undo.undoes, judgements.seq))
    .where(and(notUndone, where))
    .$dynamic();

export const isCounted = eq(judgements.extra, false);

const countedIn = (queueId: number) =>
  and(eq(items.queueId, queueId), isNull(items.gold), isIncluded, eq(judgements.mirror, false), isCounted);

/** Positions whose texts are in memory together. */
const atOnce = 1000;

function* standingIn(queueId: number, where?: SQL) {
  const { last } = appDb()
    .select({ last: max(items.position) })
    .from(items)
    .where(eq(items.queueId, queueId))
    .get()!;
  for (let from = 0; last !== null && from <= last; from += atOnce)
    yield standingWhere(and(countedIn(queueId), between(items.position, from, from + atOnce - 1), where))
      .orderBy(asc(items.position))
      .all();
}

/** Whether a verdict compares the answers. */
export const isOpinion = (verdict: Verdict): boolean => verdict !== "skip" && verdict !== "flag";

export type StandingVote = Judgement & { verdict: Verdict };

/** Every active and counted vote of a person on a queue's pairs, without the pairs. */
export const votesOf = (queueId: number): StandingVote[] =>
  appDb()
    .select({ vote: judgements })
    .from(judgements)
    .innerJoin(items, eq(items.id, judgements.itemId))
    .leftJoin(undo, eq(undo.undoes, judgements.seq))
    .where(and(notUndone, countedIn(queueId), isPerson(judgements.annotatorId)))
    .orderBy(asc(items.position))
    .all()
    .map(({ vote }) => vote as StandingVote);

export interface Decided {
  item: Item;
  /** Sum of signed strengths over the raters, or that of the label that came with the file: above 0 the first answer won, below 0 the second. */
  balance: number;
  /** People, not the file. */
  raters: number;
  /** Those of people, skips included. */
  votes: Judgement[];
  /** How many judges' votes make the balance; 0 where people or the file do. */
  judges: number;
  /** Of a solution its first wrong step, 0 where every step is right; null of other records, and where nobody names one. */
  wrongStep: number | null;
  /** Whether a reviewer has decided it. */
  ruled: boolean;
}

type Standing = ReturnType<typeof standingIn> extends Iterable<infer Rows> ? Rows : never;

/** Who gave votes that stand only until a person has an opinion: the file, and the judges that count. Those that do not are no raters either. */
interface Others {
  file: number | null;
  judges: Set<number>;
  judgesCount: boolean;
}

const othersIn = (queueId: number): Others => ({
  file: knownImporter(),
  judges: knownJudges(),
  judgesCount: appDb().select().from(queues).where(eq(queues.id, queueId)).get()!.judgesCount,
});

const open = { wrongStep: null, ruled: false };

/**
 * By item: the combined votes. Without any preference (only skips) an item has no raters, and no balance but that of a label that came with
 * its file, or else of judges.
 */
function combined(rows: Standing, { file, judges, judgesCount }: Others): Iterable<Decided> {
  const byItem = new Map<number, Decided>();
  const given = new Map<number, { strength: number; wrongStep: number | null }>();
  const said = new Map<number, number[]>();
  for (const { item, vote } of rows) {
    const isJudge = judges.has(vote.annotatorId);
    if (isJudge && !judgesCount) continue;
    const decided = byItem.get(item.id) ?? { item, balance: 0, raters: 0, votes: [], judges: 0, ...open };
    byItem.set(item.id, decided);
    const strength = vote.verdict === "first" ? vote.strength! : vote.verdict === "second" ? -vote.strength! : 0;
    if (isJudge) {
      said.set(item.id, [...(said.get(item.id) ?? []), strength]);
      continue;
    }
    if (vote.annotatorId === file) {
      given.set(item.id, { strength, wrongStep: vote.wrongStep });
      continue;
    }
    decided.balance += strength;
    decided.raters += isOpinion(vote.verdict!) ? 1 : 0;
    decided.votes.push(vote);
  }
  for (const decided of byItem.values())
    decided.wrongStep = wrongStepOf(
      decided.balance,
      decided.votes.map(({ wrongStep }) => wrongStep),
    );
  for (const [id, { strength, wrongStep }] of given) {
    const decided = byItem.get(id)!;
    if (decided.raters === 0) Object.assign(decided, { balance: strength, wrongStep });
  }
  for (const [id, strengths] of said) {
    const decided = byItem.get(id)!;
    if (decided.raters === 0 && !given.has(id))
      Object.assign(decided, { balance: sum(strengths), judges: strengths.length });
  }
  return byItem.values();
}

/** Rewrites by annotators, with their records. */
export function* rewritesOf(queueId: number): Generator<{ item: Item; rewrite: string; vote: Judgement }> {
  for (const rows of standingIn(queueId, isNotNull(judgements.rewrite)))
    for (const { item, vote } of rows) yield { item, rewrite: vote.rewrite!, vote };
}

/** Items with votes or a label, in their order: a reviewer's ruling stands over the raters' balance. */
export function* judgedItems(queueId: number): Generator<Decided> {
  const [rulings, others] = [rulingsOf(queueId), othersIn(queueId)];
  for (const rows of standingIn(queueId))
    for (const decided of combined(rows, others)) yield ruledBy(rulings.get(decided.item.id), decided);
}

/** Those on which one answer is preferred; ties, skips and "both bad" decide nothing. */
export function* decidedItems(queueId: number): Generator<Decided> {
  for (const judged of judgedItems(queueId)) if (judged.balance !== 0) yield judged;
}

/** The mean strength in that direction, at least 1. */
function ruledBy(ruled: Ruled | undefined, decided: Decided): Decided {
  if (ruled === undefined) return decided;
  const { verdict } = ruled;
  if (verdict === "neither") return { ...decided, balance: 0, ruled: true };
  const wrongStep = verdict === "first" && decided.wrongStep !== null ? 0 : (ruled.wrongStep ?? decided.wrongStep);
  const sign = verdict === "first" ? 1 : -1;
  const least = decided.raters === 0 && decided.balance !== 0 ? 1 : decided.raters;
  return { ...decided, balance: sign * Math.max(least, sign * decided.balance), wrongStep, ruled: true };
}
