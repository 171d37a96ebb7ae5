// What is left out of a dataset, by hand or on the advice of its data checks.
import { sql } from "drizzle-orm";
import { appDb } from "../../db/client";

interface Exclusion {
  itemIds: number[];
  excluded: boolean;
  reason: string;
  /** The dataset's version that it makes. */
  number?: number;
}

/**
 * Leaves pairs out of judging, exports and training, or takes them in again; all pairs of a ranking with any of them. Returns those whose
 * state this changed.
 */
export function exclude(
  annotatorId: number,
  { itemIds, excluded, reason, number }: Exclusion,
  now: number,
): { id: number; place: number }[] {
  return appDb().all<{ id: number; place: number }>(sql`
    INSERT INTO exclusions (item_id, annotator_id, excluded, reason, number, created_at)
    SELECT DISTINCT beside.id, ${annotatorId}, ${Number(excluded)}, ${reason}, ${number ?? null}, ${now}
    FROM json_each(${JSON.stringify(itemIds)}) JOIN items named ON named.id = value
    JOIN items beside ON beside.id = named.id OR beside.ranking = named.ranking
    WHERE coalesce((SELECT e.excluded FROM exclusions e WHERE e.item_id = beside.id ORDER BY e.seq DESC LIMIT 1), 0) <> ${Number(excluded)}
    ORDER BY beside.id RETURNING item_id AS id, (SELECT place FROM items WHERE items.id = item_id) AS place`);
}
