// Rulings: what reviewers made of disputed pairs. Unmarked, so that tests and the snapshot maker read it in plain Node.
import { asc, eq } from "drizzle-orm";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { type Ruling, rulings } from "../../db/tables/rulings";

/** A ruling that was not withdrawn. */
export type Standing = Exclude<Ruling["verdict"], "withdrawn">;

/** The newest ruling on each pair that has one; withdrawn ones are none. */
export function rulingsOf(queueId: number): Map<number, Standing> {
  const all = appDb()
    .select({ itemId: rulings.itemId, verdict: rulings.verdict })
    .from(rulings)
    .innerJoin(items, eq(items.id, rulings.itemId))
    .where(eq(items.queueId, queueId))
    .orderBy(asc(rulings.seq))
    .all();
  const newest = new Map(all.map(({ itemId, verdict }) => [itemId, verdict]));
  return new Map([...newest].flatMap(([id, verdict]) => (verdict === "withdrawn" ? [] : [[id, verdict]])));
}
