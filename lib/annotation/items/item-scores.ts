// Scores of a queue's pairs by a reward model; newer ones take the place of older ones. Unmarked: the command line writes them.

import { and, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { ScoredPair } from "../../../spec/reports";
import { retryOnBusy } from "../../db/busy";
import { appDb } from "../../db/client";
import { type Item, itemScores, items } from "../../db/tables/items";
import { noSecond } from "./single-answers";

/** Those that `scorer` has not scored, or with `again` all. */
export const pairsToScore = (queueId: number, scorer: string, again: boolean) =>
  appDb()
    .select({ id: items.id, prompt: items.prompt, first: items.first, second: items.second })
    .from(items)
    .leftJoin(itemScores, and(eq(itemScores.itemId, items.id), eq(itemScores.scorer, scorer)))
    .where(and(eq(items.queueId, queueId), ne(items.second, noSecond), again ? undefined : isNull(itemScores.first)))
    .orderBy(items.id)
    .all();

/** Of a pair's answers; null where they have none. */
export function scoresOf({ id }: Pick<Item, "id">): [number, number] | null {
  const scores = appDb().select().from(itemScores).where(eq(itemScores.itemId, id)).get();
  return scores?.first == null || scores.second === null ? null : [scores.first, scores.second];
}

/** Of pairs whose texts have changed, within a transaction: what was scored is there no more. */
export function withdrawScores(itemIds: number[], now: number): void {
  const createdAt = timeAfterAll(now);
  const gone = inArray(itemScores.itemId, itemIds);
  appDb().update(itemScores).set({ first: null, second: null, createdAt }).where(gone).run();
}

/** Of two scores the newer has the later time, whatever the clock says. */
const timeAfterAll = (now: number): number =>
  Math.max(now, 1 + appDb().get<{ at: number }>(sql`SELECT coalesce(max(created_at), 0) AS at FROM item_scores`)!.at);

export function putScores(scored: ScoredPair[], scorer: string, now: number): void {
  retryOnBusy(() =>
    appDb().transaction((tx) => {
      const createdAt = timeAfterAll(now);
      for (const { id, first, second } of scored) {
        const row = { first, second, scorer, createdAt };
        tx.insert(itemScores)
          .values({ itemId: id, ...row })
          .onConflictDoUpdate({ target: itemScores.itemId, set: row })
          .run();
      }
    }),
  );
}
