// Who holds a place on which pair. Places expire after 15 minutes, and each request for tasks renews those that are still to be judged. A vote
// ends its own: what is looked through for each request are the pairs that somebody is at, not those of the last quarter of an hour.
import { and, eq, gt, sql } from "drizzle-orm";
import { appDb } from "../../db/client";
import { assignments } from "../../db/tables/judgements";

const leaseMs = 15 * 60_000;

export interface Lease {
  itemId: number;
  annotatorId: number;
}

/** The live leases, oldest first. */
export const liveLeases = (now: number): Lease[] =>
  appDb()
    .select({ itemId: assignments.itemId, annotatorId: assignments.annotatorId })
    .from(assignments)
    .where(gt(assignments.expiresAt, now))
    .orderBy(sql`rowid`)
    .all();

/** From now on; with the probability of having been drawn, where it is new and was. */
export function hold(itemId: number, annotatorId: number, chance: number | null, now: number): void {
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

/** Once the annotator has voted on the pair: the vote has the place. */
export const endLease = (itemId: number, annotatorId: number, now: number): void =>
  void appDb()
    .update(assignments)
    .set({ expiresAt: now })
    .where(and(eq(assignments.itemId, itemId), eq(assignments.annotatorId, annotatorId)))
    .run();
