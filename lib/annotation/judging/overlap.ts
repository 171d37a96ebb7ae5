// SQL conditions on `items`: whether a pair still needs a judgement by an annotator.
import { sql } from "drizzle-orm";
import { appDb } from "../../db/client";
import { isPerson } from "../../people/importer";

/** Votes on `items.id` that were not undone, extras included; repeats with the sides swapped are not votes on the pair. */
const activeVotes = sql`FROM judgements v LEFT JOIN judgements u ON u.undoes = v.seq WHERE v.item_id = items.id AND v.kind = 'vote' AND NOT v.mirror AND u.seq IS NULL`;
/** Those that count (`isExtra` in judge.ts says which do not). */
export const counted = sql`${activeVotes} AND NOT v.extra`;
/** Those of people that compare the answers. */
const preferences = sql`v.verdict NOT IN ('skip', 'flag') AND ${isPerson(sql`v.annotator_id`)}`;

export const notJudged = (annotatorId: number) =>
  sql`NOT EXISTS (SELECT 1 ${activeVotes} AND v.annotator_id = ${annotatorId})`;

/** Whether a pair has all the judgements that its queue asks for, without this annotator's: another one is stored as an extra. */
export function isComplete(itemId: number, queueId: number, annotatorId: number): boolean {
  const row = appDb().get<{ complete: number }>(sql`
    SELECT coalesce((SELECT overlap FROM queues WHERE id = ${queueId}) <= (
      SELECT count(*) ${counted} AND ${preferences} AND v.annotator_id <> ${annotatorId}
    ), 0) AS complete FROM items WHERE id = ${itemId}`);
  return row?.complete === 1;
}

/** Whether the pair is not excluded. */
export const isIncluded = sql`NOT coalesce((SELECT e.excluded FROM exclusions e WHERE e.item_id = items.id ORDER BY e.seq DESC LIMIT 1), 0)`;

/** What counts as a task: pairs, and of each ranking its first pair; not the pairs that test annotators. */
export const isTask = sql`items.place = 0 AND items.gold IS NULL AND ${isIncluded}`;
