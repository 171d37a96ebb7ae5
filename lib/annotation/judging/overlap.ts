// Conditions on `items` that say whether a pair still wants a judgement of somebody.
import { sql } from "drizzle-orm";
import { appDb } from "../../db/client";

/** Votes on `items.id` that were not undone, extras included; repeats with the sides swapped are not votes on the pair. */
const activeVotes = sql`FROM judgements v LEFT JOIN judgements u ON u.undoes = v.seq WHERE v.item_id = items.id AND v.kind = 'vote' AND NOT v.mirror AND u.seq IS NULL`;
/** Those of them that count (`isExtra` in store.ts says which do not). */
export const counted = sql`${activeVotes} AND NOT v.extra`;
/** Those of them that compare the answers. */
const preferences = sql`v.verdict NOT IN ('skip', 'flag')`;

export const notJudged = (annotatorId: number) =>
  sql`NOT EXISTS (SELECT 1 ${activeVotes} AND v.annotator_id = ${annotatorId})`;

/** Whether a pair has all the judgements that its queue wants, without this annotator's: one more is kept, and marked. */
export function isComplete(itemId: number, queueId: number, annotatorId: number): boolean {
  const row = appDb().get<{ complete: number }>(sql`
    SELECT coalesce((SELECT overlap FROM queues WHERE id = ${queueId}) <= (
      SELECT count(*) ${counted} AND ${preferences} AND v.annotator_id <> ${annotatorId}
    ), 0) AS complete FROM items WHERE id = ${itemId}`);
  return row?.complete === 1;
}

/** Whether nobody left the pair out, or somebody took it in again since. */
export const isIncluded = sql`NOT coalesce((SELECT e.excluded FROM exclusions e WHERE e.item_id = items.id ORDER BY e.seq DESC LIMIT 1), 0)`;

/** What is counted as work: pairs, and of each ranking the pair that stands for it; not what is there to test annotators. */
export const isTask = sql`items.place = 0 AND items.gold IS NULL AND ${isIncluded}`;
