// Rulings: what reviewers made of disputed pairs. Unmarked, so that tests and the snapshot maker read it in plain Node.
import { asc, eq } from "drizzle-orm";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { type Ruling, rulings } from "../../db/tables/rulings";

/** A ruling that was not withdrawn. */
export type Standing = Exclude<Ruling["verdict"], "withdrawn">;

export interface Ruled {
  verdict: Standing;
  wrongStep: number | null;
}

/** The newest ruling on each pair that has one; withdrawn ones are none. */
export function rulingsOf(queueId: number): Map<number, Ruled> {
  const all = appDb()
    .select({ itemId: rulings.itemId, verdict: rulings.verdict, wrongStep: rulings.wrongStep })
    .from(rulings)
    .innerJoin(items, eq(items.id, rulings.itemId))
    .where(eq(items.queueId, queueId))
    .orderBy(asc(rulings.seq))
    .all();
  const newest = new Map(all.map(({ itemId, ...ruled }) => [itemId, ruled]));
  return new Map(
    [...newest].flatMap(([id, { verdict, wrongStep }]) =>
      verdict === "withdrawn" ? [] : [[id, { verdict, wrongStep }] as const],
    ),
  );
}
