import "server-only";
import { and, desc, eq } from "drizzle-orm";
import { appDb } from "../db/client";
import { items } from "../db/tables/items";
import { judgements } from "../db/tables/judgements";

/** Of somebody's newest votes. */
const looked = 200;

/** The datasets of somebody's newest votes, newest first. */
export function lastAnnotated(annotatorId: number): number[] {
  const votes = appDb()
    .select({ queueId: items.queueId })
    .from(judgements)
    .innerJoin(items, eq(items.id, judgements.itemId))
    .where(and(eq(judgements.annotatorId, annotatorId), eq(judgements.kind, "vote"), eq(items.place, 0)))
    .orderBy(desc(judgements.seq))
    .limit(looked)
    .all();
  return [...new Set(votes.map(({ queueId }) => queueId))];
}
