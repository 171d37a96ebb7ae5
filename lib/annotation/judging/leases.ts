// Who holds a place on which pair. Places expire after 15 minutes, and each request for tasks renews those that are still to be judged. A vote
// ends its own: what is looked through for each request are the pairs that somebody is at, not those of the last quarter of an hour.
import { and, eq } from "drizzle-orm";
import { appDb } from "../../db/client";
import { assignments } from "../../db/tables/judgements";

const leaseMs = 15 * 60_000;

export interface Lease {
  itemId: number;
  annotatorId: number;
}

/** The live leases, oldest first: two hundred people hold three thousand, whose rows need not be read, as the index on when they end has all of it. */
export function liveLeases(now: number): Lease[] {
  const query = `SELECT rowid, item_id, annotator_id FROM assignments INDEXED BY assignments_expiry WHERE expires_at > ?`;
  const rows = appDb().$client.prepare<[number], [number, number, number]>(query).raw().all(now);
  rows.sort(([a], [b]) => a - b);
  return rows.map(([, itemId, annotatorId]) => ({ itemId, annotatorId }));
}

/** From now on; each with the probability of having been drawn, where it is new and was. */
export function hold(annotatorId: number, records: { id: number; chance: number | null }[], now: number): void {
  if (records.length === 0) return;
  appDb()
    .$client.prepare(
      `INSERT INTO assignments (item_id, annotator_id, slot, expires_at, chance)
       SELECT value ->> 'id', @annotatorId, (SELECT count(*) FROM assignments WHERE item_id = value ->> 'id'), @until, value ->> 'chance'
       FROM json_each(@records) WHERE true
       ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at, chance = coalesce(excluded.chance, chance)`,
    )
    .run({ annotatorId, until: now + leaseMs, records: JSON.stringify(records) });
}

/** Once the annotator has voted on the pair: the vote has the place. */
export const endLease = (itemId: number, annotatorId: number, now: number): void =>
  void appDb()
    .update(assignments)
    .set({ expiresAt: now })
    .where(and(eq(assignments.itemId, itemId), eq(assignments.annotatorId, annotatorId)))
    .run();
