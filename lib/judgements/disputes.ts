// Pairs on which annotators disagree, for a reviewer to decide. Unmarked, so that tests read it in plain Node.
import { eq } from "drizzle-orm";
import { reliabilityOf } from "../agreement/store";
import { appDb } from "../db/client";
import { items, rulings } from "../db/schema";
import { AppError } from "../errors";
import { groupBy } from "../group-by";
import { rulingsOf } from "./rulings";
import type { DisputeDto, RulingInput } from "./schema";
import { asPair, isOpinion, sideFor, votesOf } from "./store";

/** Those without a ruling first, and of them the least certain first. */
export function disputesOf(queueId: number, reviewerId: number): DisputeDto[] {
  const votes = votesOf(queueId).filter(({ verdict }) => isOpinion(verdict));
  const { first } = reliabilityOf(votes);
  const rulings = rulingsOf(queueId);
  const disputed = [...groupBy(votes, ({ itemId }) => itemId)].filter(
    ([, own]) => new Set(own.map(({ verdict }) => verdict)).size > 1,
  );
  const known = new Map(
    appDb()
      .select()
      .from(items)
      .where(eq(items.queueId, queueId))
      .all()
      .map((item) => [item.id, item]),
  );
  return disputed
    .map(([id, own]): DisputeDto => {
      const left = sideFor(reviewerId, id);
      const sideOf = (verdict: string) => (verdict === left ? "left" : "right");
      const p = first.get(id) ?? 0.5;
      const ruling = rulings.get(id);
      return {
        ...asPair(known.get(id)!, reviewerId),
        votes: own.map(({ verdict, strength, rationale }) => ({
          side: verdict === "tie" || verdict === "both_bad" ? verdict : sideOf(verdict),
          strength,
          rationale,
        })),
        leftProbability: left === "first" ? p : 1 - p,
        ruling: ruling === undefined || ruling === "withdrawn" ? null : ruling === "neither" ? ruling : sideOf(ruling),
      };
    })
    .toSorted(
      (a, b) =>
        Number(a.ruling !== null) - Number(b.ruling !== null) ||
        Math.abs(a.leftProbability - 0.5) - Math.abs(b.leftProbability - 0.5),
    );
}

/** Stores a ruling; nothing that was there is changed. */
export function rule(reviewerId: number, { itemId, ruling }: RulingInput, now: number): void {
  if (!appDb().select().from(items).where(eq(items.id, itemId)).get())
    throw new AppError(404, `There is no pair ${itemId}.`);
  const left = sideFor(reviewerId, itemId);
  const verdict = ruling === "left" ? left : ruling === "right" ? (left === "first" ? "second" : "first") : ruling;
  appDb().insert(rulings).values({ itemId, reviewerId, verdict, createdAt: now }).run();
}
