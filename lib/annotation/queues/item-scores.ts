// Scores of a queue's pairs by a reward model; newer ones take the place of older ones. Unmarked: the command line writes them.

import { and, eq, ne, sql } from "drizzle-orm";
import type { ScoredPair } from "../../../spec/reports";
import { retryOnBusy } from "../../db/busy";
import { appDb } from "../../db/client";
import { itemScores, items } from "../../db/tables/items";
import { noSecond } from "../items/single-answers";

export const pairsToScore = (queueId: number) =>
  appDb()
    .select({ id: items.id, prompt: items.prompt, first: items.first, second: items.second })
    .from(items)
    .where(and(eq(items.queueId, queueId), ne(items.second, noSecond)))
    .all();

export function putScores(scored: ScoredPair[], scorer: string, now: number): void {
  retryOnBusy(() =>
    appDb().transaction((tx) => {
      const newest = tx.get<{ at: number }>(sql`SELECT coalesce(max(created_at), 0) AS at FROM item_scores`)!.at;
      for (const { id, first, second } of scored) {
        const row = { first, second, scorer, createdAt: Math.max(now, newest + 1) };
        tx.insert(itemScores)
          .values({ itemId: id, ...row })
          .onConflictDoUpdate({ target: itemScores.itemId, set: row })
          .run();
      }
    }),
  );
}
