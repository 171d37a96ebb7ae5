// Pairs that a reviewer returns to their annotators, with a note.
import { and, asc, eq, sql } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { appDb } from "../../db/client";
import { prepared } from "../../db/prepared";
import { type Item, items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { returns } from "../../db/tables/rulings";
import { isPerson } from "../../people/importer";
import { notJudged } from "./overlap";
import { isCounted, standingWhere } from "./standing-votes";

interface Returned {
  item: Item;
  seq: number;
  note: string;
  /** Whether the annotator has an active vote on it. */
  judged: boolean;
}

const anyReturned = prepared((db) =>
  db
    .select({ seq: returns.seq })
    .from(returns)
    .where(eq(returns.annotatorId, sql.placeholder("annotatorId")))
    .limit(1)
    .prepare(),
);

/** Pairs returned to an annotator and not annotated again since, oldest first. */
export function returnedTo(annotatorId: number, queueId: number): Returned[] {
  if (!anyReturned().get({ annotatorId })) return [];
  const answered = sql`EXISTS (SELECT 1 FROM judgements j WHERE j.item_id = items.id AND j.annotator_id = ${annotatorId}
    AND j.kind = 'vote' AND NOT j.mirror AND j.seq > returns.after)`;
  const stands = sql<number>`NOT ${notJudged(annotatorId)}`;
  const open = appDb()
    .select({ item: items, seq: returns.seq, note: returns.note, judged: stands })
    .from(returns)
    .innerJoin(items, eq(items.id, returns.itemId))
    .where(and(eq(returns.annotatorId, annotatorId), eq(items.queueId, queueId), sql`NOT ${answered}`))
    .orderBy(asc(returns.seq))
    .all();
  const newest = new Map(open.map((row) => [row.item.id, { ...row, judged: Boolean(row.judged) }]));
  return [...newest.values()];
}

/** Returns pairs to everybody with an active vote on them. */
export function returnItems(reviewerId: number, itemIds: number[], note: string, now: number) {
  return appDb().transaction(
    () => {
      const people = itemIds.map((itemId) => returnItem(reviewerId, itemId, note, now));
      return {
        people: new Set(people.flat()).size,
        records: people.filter((some) => some.length > 0).length,
      };
    },
    { behavior: "immediate" },
  );
}

/** Part of a transaction. The result is who they are. */
function returnItem(reviewerId: number, itemId: number, note: string, now: number): number[] {
  const item = appDb().select().from(items).where(eq(items.id, itemId)).get();
  if (!item) throw new AppError(404, `There is no record ${itemId}.`);
  const people = new Set(
    standingWhere(and(eq(items.id, itemId), eq(judgements.mirror, false), isCounted, isPerson(judgements.annotatorId)))
      .all()
      .map(({ vote }) => vote.annotatorId),
  );
  const after = appDb().get<{ seq: number }>(sql`SELECT coalesce(max(seq), 0) AS seq FROM judgements`)!.seq;
  const first =
    appDb()
      .select()
      .from(items)
      .where(and(eq(items.ranking, item.ranking ?? ""), eq(items.place, 0)))
      .get() ?? item;
  for (const annotatorId of people)
    appDb().insert(returns).values({ itemId: first.id, annotatorId, reviewerId, note, after, createdAt: now }).run();
  return [...people];
}
