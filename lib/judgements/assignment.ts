// Which pairs an annotator gets. Where a queue wants k judgements a pair, a pair is given to at most k people at a time: one transaction
// counts and takes, so that fifty browsers asking at once share the pairs and double none.
import { and, asc, eq, sql } from "drizzle-orm";
import { appDb } from "../db/client";
import { assignments, type Item, items, queues } from "../db/schema";
import { held, notJudged, room } from "./overlap";
import type { PairDto } from "./schema";
import { asPair, nextPairs } from "./store";

/** How long a pair is kept for somebody; each look at the queue renews it. */
const leaseMs = 15 * 60_000;

/** Up to `limit` pairs that this annotator has not judged, and from now on holds where the queue has an overlap. */
export function takePairs(annotatorId: number, queueId: number, limit: number, now: number): PairDto[] {
  const overlap = appDb().select().from(queues).where(eq(queues.id, queueId)).get()?.overlap ?? null;
  if (overlap === null) return nextPairs(annotatorId, queueId, limit);
  return appDb().transaction(
    (tx) => {
      const free = tx
        .select()
        .from(items)
        .where(and(eq(items.queueId, queueId), notJudged(annotatorId), room(annotatorId, overlap, now)))
        .orderBy(asc(sql`NOT ${held(annotatorId, now)}`), asc(items.position))
        .limit(limit)
        .all();
      for (const { id } of free) {
        const taken = sql<number>`(SELECT count(*) FROM assignments WHERE item_id = ${id})`;
        tx.insert(assignments)
          .values({ itemId: id, annotatorId, slot: taken, expiresAt: now + leaseMs })
          .onConflictDoUpdate({
            target: [assignments.itemId, assignments.annotatorId],
            set: { expiresAt: now + leaseMs },
          })
          .run();
      }
      return free.map((item: Item) => asPair(item, annotatorId));
    },
    { behavior: "immediate" },
  );
}
