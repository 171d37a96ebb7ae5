// Labels of pairs as labels of their answers, each of which is a record of its own in a copy.
import { and, between, eq, sql } from "drizzle-orm";
import type { GivenRow } from "../../annotation/items/given-labels";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";

/** Labels that came with pairs between two positions: the chosen answer is good, the other one bad. */
export function givenAlone(queueId: number, [first, last]: [number, number]): GivenRow[] {
  const given = appDb()
    .select({ item: items, verdict: judgements.verdict })
    .from(items)
    .innerJoin(judgements, eq(judgements.key, sql`'import/' || ${items.id}`))
    .where(and(eq(items.queueId, queueId), between(items.position, first, last)))
    .all();
  return given.flatMap(({ item: { prompt, source, first, second }, verdict }) => {
    const better = verdict === "first" ? 1 : -1;
    return [
      { prompt, source, answers: [first], strength: better },
      { prompt, source, answers: [second], strength: -better },
    ];
  });
}
