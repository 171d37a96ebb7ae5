// A queue as a training run sees it: pairs go in, preferences come out. Unmarked, since the runner reads it in plain Node.

import { and, eq, isNull, sql } from "drizzle-orm";
import type { AskedPair, Opinion } from "../../../spec/judging";
import { retryOnBusy } from "../../db/busy";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import { isPerson } from "../../people/importer";
import { addItems, itemHash } from "../items/items";
import { isIncluded } from "../judging/overlap";

/** Where people compare pairs. Adding the same pair twice adds it once. */
export interface PairQueue {
  name: string;
  add(pairs: AskedPair[]): void;
  /** Of people, and of this judge on pairs on which no person has voted. */
  opinions(pairs: AskedPair[], judge?: number | null): Opinion[];
  id: number;
}

/** Queue `id`, or with "new" the run's own queue, created on first use. */
export function pairQueue(id: number | "new", run: string, now: number): PairQueue {
  const source = `Run ${run}`;
  const queue = retryOnBusy(() => (id === "new" ? queueOfRun(run, now) : existing(id)));
  return {
    name: queue.name,
    id: queue.id,
    add(pairs) {
      const rows = pairs.map((pair) => ({ ...pair, source }));
      retryOnBusy(() => addItems(queue.id, rows));
    },
    opinions(pairs, judge = null) {
      const hashes = pairs.map(itemHash);
      const votes = balancesOf(queue.id, hashes, judge); // the judge's first, and people's over them
      const balances = new Map(votes.map(({ hash, balance }) => [hash, balance]));
      return hashes.map((hash): Opinion => {
        const balance = balances.get(hash);
        return balance === undefined ? null : balance > 0 ? "first" : balance < 0 ? "second" : "tie";
      });
    },
  };
}

/** The balance of the votes on some pairs, for those with any votes; queried after each change while a trainer waits. */
const balancesOf = (queueId: number, hashes: string[], judge: number | null) =>
  appDb().all<{ hash: string; balance: number }>(sql`
    SELECT items.hash, ${isPerson(sql`v.annotator_id`)} AS by_people, total(CASE v.verdict WHEN 'first' THEN v.strength WHEN 'second' THEN -v.strength ELSE 0 END) AS balance
    FROM json_each(${JSON.stringify(hashes)}) AS wanted
    JOIN items ON items.queue_id = ${queueId} AND items.hash = wanted.value
    JOIN judgements v ON v.item_id = items.id AND v.kind = 'vote' AND NOT v.mirror AND NOT v.extra
    LEFT JOIN judgements u ON u.undoes = v.seq
    WHERE u.seq IS NULL AND (by_people OR v.annotator_id = ${judge}) AND items.gold IS NULL AND ${isIncluded}
    GROUP BY items.id, by_people ORDER BY by_people`);

function existing(id: number) {
  const queue = appDb().select().from(queues).where(eq(queues.id, id)).get();
  if (!queue) throw new Error(`there is no dataset ${id}; choose one that exists, or "new"`);
  return queue;
}

/** The run's own queue, under whatever name it has by now. */
function queueOfRun(run: string, now: number) {
  const own = appDb()
    .select()
    .from(queues)
    .where(and(eq(queues.run, run), isNull(queues.deletedAt)))
    .get();
  if (own) return own;
  const about = "Which answer is better? A training run waits for these annotations and trains on them.";
  return appDb()
    .insert(queues)
    .values({ name: `Run ${run}: answers`, run, about, createdAt: now })
    .returning()
    .get();
}
