// Pairs on which annotators disagree, for a reviewer to decide. Unmarked, so that tests read it in plain Node.
import { eq, inArray } from "drizzle-orm";
import { reliabilityOf } from "../agreement/store";
import { appDb } from "../db/client";
import { type Item, items, rulings } from "../db/schema";
import { AppError } from "../errors";
import { groupBy } from "../group-by";
import { rulingsOf, type Standing } from "./rulings";
import type { DisputeDto, RulingInput } from "./schema";
import { isOpinion, type StandingVote, votesOf } from "./standing";
import { asTask, sideFor } from "./tasks";

/** By pair: opinions of which at least two differ. */
const disputed = (votes: StandingVote[]): Map<number, StandingVote[]> =>
  new Map(
    [...groupBy(votes, ({ itemId }) => itemId)].filter(
      ([, own]) => new Set(own.map(({ verdict }) => verdict)).size > 1,
    ),
  );

const opinionsOf = (queueId: number) => votesOf(queueId).filter(({ verdict }) => isOpinion(verdict));

/** Those without a ruling first, and of them the least certain first. */
export function disputesOf(queueId: number, reviewerId: number): DisputeDto[] {
  const votes = opinionsOf(queueId);
  const { first } = reliabilityOf(votes);
  const rulings = rulingsOf(queueId);
  const byItem = disputed(votes);
  const rows = appDb()
    .select()
    .from(items)
    .where(inArray(items.id, [...byItem.keys()]))
    .all();
  const doubt = ({ leftProbability }: DisputeDto) => Math.abs(leftProbability - 0.5);
  return rows
    .map((item) => asDispute(item, byItem.get(item.id)!, first.get(item.id) ?? 0.5, rulings.get(item.id), reviewerId))
    .toSorted((a, b) => Number(a.ruling !== null) - Number(b.ruling !== null) || doubt(a) - doubt(b));
}

/** `first` is the probability that the first answer is the better one. */
function asDispute(
  item: Item,
  votes: StandingVote[],
  first: number,
  ruling: Standing | undefined,
  reviewerId: number,
): DisputeDto {
  const left = sideFor(reviewerId, item.id);
  const sideOf = (answer: string) => (answer === left ? "left" : "right");
  return {
    ...asTask({ ...item, ranking: null }, reviewerId), // a pair of a ranking is ruled on by itself
    votes: votes.map(({ verdict, strength, rationale }) => ({
      side: verdict === "tie" || verdict === "both_bad" ? verdict : sideOf(verdict),
      strength,
      rationale,
    })),
    leftProbability: left === "first" ? first : 1 - first,
    ruling: ruling === undefined ? null : ruling === "neither" ? ruling : sideOf(ruling),
  };
}

/** Stores a ruling; nothing that was there is changed. */
export function rule(reviewerId: number, { itemId, ruling }: RulingInput, now: number): void {
  if (!appDb().select().from(items).where(eq(items.id, itemId)).get())
    throw new AppError(404, `There is no pair ${itemId}.`);
  const left = sideFor(reviewerId, itemId);
  const verdict = ruling === "left" ? left : ruling === "right" ? (left === "first" ? "second" : "first") : ruling;
  appDb().insert(rulings).values({ itemId, reviewerId, verdict, createdAt: now }).run();
}
