// Queues come into being by name: at once, or out of sight until an import has filled them.
import { and, count, eq, isNull, sql } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { type Queue, queues } from "../../db/tables/queues";
import { requireFreeName } from "./queue-names";

const mostQueues = 1000;

/** The queue of this name, made where there is none. */
export const queueNamed = (name: string, now: number): number => (known(name) ?? insert(name, now, null)).id;

/** The same for rows that take a while to come: a new one counts as deleted until `showQueue`. */
export function filledQueue(name: string, now: number): { id: number; isNew: boolean } {
  const found = known(name);
  return { id: (found ?? insert(name, now, now)).id, isNew: found === undefined };
}

export function showQueue(id: number): void {
  appDb().transaction((tx) => {
    const { name } = tx.select().from(queues).where(eq(queues.id, id)).get()!;
    requireFreeName(name);
    tx.update(queues).set({ deletedAt: null }).where(eq(queues.id, id)).run();
  });
}

/** With its rows. Only of a queue that nobody has seen: everything else is append-only. */
export function dropQueue(id: number): void {
  appDb().transaction((tx) => {
    tx.run(sql`DELETE FROM item_texts WHERE rowid IN (SELECT id FROM items WHERE queue_id = ${id})`);
    tx.delete(items).where(eq(items.queueId, id)).run();
    tx.delete(queues).where(eq(queues.id, id)).run();
  });
}

const known = (name: string): Queue | undefined =>
  appDb()
    .select()
    .from(queues)
    .where(and(eq(queues.name, name), isNull(queues.deletedAt)))
    .get();

function insert(name: string, now: number, deletedAt: number | null): Queue {
  const others = appDb().select({ count: count() }).from(queues).get()!.count;
  if (others >= mostQueues) throw new AppError(429, `There are ${others} datasets already, the most that are allowed.`);
  const about = "Which answer is better?";
  return appDb().insert(queues).values({ name, about, createdAt: now, deletedAt }).returning().get();
}
