import "server-only";
import { and, desc, eq } from "drizzle-orm";
import { appDb } from "../db/client";
import { items } from "../db/tables/items";
import { judgements } from "../db/tables/judgements";
import { groupBy } from "../group-by";

/** Of somebody's newest votes. */
const looked = 200;

/** The datasets of somebody's newest votes, newest first, with the median time of a vote there. */
export function lastAnnotated(annotatorId: number): { queueId: number; paceMs: number }[] {
  const votes = appDb()
    .select({ queueId: items.queueId, activeMs: judgements.activeMs })
    .from(judgements)
    .innerJoin(items, eq(items.id, judgements.itemId))
    .where(and(eq(judgements.annotatorId, annotatorId), eq(judgements.kind, "vote"), eq(items.place, 0)))
    .orderBy(desc(judgements.seq))
    .limit(looked)
    .all();
  return [...groupBy(votes, ({ queueId }) => queueId)].map(([queueId, own]) => ({
    queueId,
    paceMs: own.map(({ activeMs }) => activeMs).toSorted((a, b) => a - b)[Math.floor(own.length / 2)]!,
  }));
}
