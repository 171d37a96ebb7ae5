// A queue as a training run sees it: pairs go in, opinions come out. Unmarked, since trainers read it in plain Node.
import { eq } from "drizzle-orm";
import type { Opinion, PairQueue } from "../../trainers/online/judges";
import { patiently } from "../db/busy";
import { appDb } from "../db/client";
import { items, queues } from "../db/schema";
import { standingVotes } from "../judgements/standing";
import { addItems, itemHash } from "../samples/load";

/** Queue `id`, or with "new" the one of run `run`, made when it is first asked for. */
export function pairQueue(id: number | "new", run: string, now: number): PairQueue {
  const source = `Run ${run}`;
  const queue = patiently(() => (id === "new" ? queueOf(`${source}: answers`, now) : existing(id)));
  return {
    name: queue.name,
    add(pairs) {
      const rows = pairs.map((pair) => ({ ...pair, source }));
      patiently(() => addItems(queue.id, rows));
    },
    opinions(pairs) {
      const votes = standingVotes(queue.id);
      const byHash = new Map(
        appDb()
          .select()
          .from(items)
          .where(eq(items.queueId, queue.id))
          .all()
          .map((item) => [item.hash, item.id]),
      );
      return pairs.map((pair): Opinion => {
        const own = votes.get(byHash.get(itemHash(pair))!);
        if (!own) return undefined;
        return own.balance > 0 ? "first" : own.balance < 0 ? "second" : "tie";
      });
    },
  };
}

function existing(id: number) {
  const queue = appDb().select().from(queues).where(eq(queues.id, id)).get();
  if (!queue) throw new Error(`there is no queue ${id}; pick one that exists, or "new"`);
  return queue;
}

function queueOf(name: string, now: number) {
  const about = "Which answer is better? A training run waits for these pairs and learns from them.";
  appDb().insert(queues).values({ name, about, createdAt: now }).onConflictDoNothing().run();
  return appDb().select().from(queues).where(eq(queues.name, name)).get()!;
}
