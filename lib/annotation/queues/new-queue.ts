// Queues come into being by name: at once, or out of sight until an import has filled them.
import { and, count, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import type { Question } from "../../../spec/queue-options";
import { retryOnBusyAsync } from "../../db/busy";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { type Queue, queues } from "../../db/tables/queues";
import { hasEnded, isElsewhere, thisProcess } from "../../this-process";
import { requireSameQuestion } from "../items/asks-single";
import { forgetQueue } from "../judging/tally";
import { requireFreeName } from "./queue-names";

const mostQueues = 1000;

/** The queue of this name, made where there is none. */
export function queueNamed(name: string, now: number, question: Question = "compare"): number {
  const found = queueCalled(name);
  if (found) requireSameQuestion(found, question);
  return (found ?? insert(name, now, question)).id;
}

/** The same for rows that take a while to come: a new one counts as deleted until `showQueue`. */
export function hiddenQueue(name: string, now: number, question: Question = "compare"): { id: number; isNew: boolean } {
  const found = queueCalled(name);
  if (found) requireSameQuestion(found, question);
  const row = found ?? insert(name, now, question, { deletedAt: now, filledBy: thisProcess(), filledAt: Date.now() });
  return { id: row.id, isNew: found === undefined };
}

/** Says that its records still come. */
export const stillFilling = (id: number): void => {
  appDb()
    .update(queues)
    .set({ filledAt: Date.now() })
    .where(and(eq(queues.id, id), isNotNull(queues.filledBy)))
    .run();
};

export function showQueue(id: number): void {
  appDb().transaction((tx) => {
    const { name } = tx.select().from(queues).where(eq(queues.id, id)).get()!;
    requireFreeName(name);
    tx.update(queues).set({ deletedAt: null, filledBy: null, filledAt: null }).where(eq(queues.id, id)).run();
  });
}

/** Records that are deleted in one transaction: few enough that nobody else waits for it. */
const atOnce = 500;

/** With its records and the labels that came with them. Only of a queue that nobody has seen: everything else is append-only. */
export async function dropQueue(id: number): Promise<void> {
  while (await retryOnBusyAsync(() => dropRecords(id))) await new Promise((resolve) => setImmediate(resolve));
  await retryOnBusyAsync(() => appDb().delete(queues).where(eq(queues.id, id)).run());
  forgetQueue(id);
}

/** Some of them; false where there are none. */
function dropRecords(queueId: number): boolean {
  const here = appDb().select({ id: items.id }).from(items).where(eq(items.queueId, queueId)).limit(atOnce).all();
  const ids = here.map(({ id }) => id);
  appDb().transaction((tx) => {
    tx.run(sql`DELETE FROM item_texts WHERE rowid IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
    tx.delete(judgements).where(inArray(judgements.itemId, ids)).run();
    tx.delete(items).where(inArray(items.id, ids)).run();
  });
  return ids.length > 0;
}

/** Within so many milliseconds a batch is stored on the slowest disk. */
const longestBatch = 10 * 60_000;

/** Drops the queues that were being filled when their process ended; at the start of the web process and of every import. */
export async function dropHalfFilled(): Promise<number> {
  const filling = appDb()
    .select({ id: queues.id, by: queues.filledBy, at: queues.filledAt })
    .from(queues)
    .where(isNotNull(queues.filledBy))
    .all();
  const left = filling.filter(
    ({ by, at }) => hasEnded(by!) || (isElsewhere(by!) && Date.now() - (at ?? 0) > longestBatch),
  );
  for (const { id } of left) await dropQueue(id);
  return left.length;
}

export const queueCalled = (name: string): Queue | undefined =>
  appDb()
    .select()
    .from(queues)
    .where(and(eq(queues.name, name), isNull(queues.deletedAt)))
    .get();

const asks: Record<Question, string> = {
  compare: "Which answer is better?",
  single: "Is this answer good?",
  steps: "Which step is the first wrong one?",
};

function insert(
  name: string,
  now: number,
  question: Question,
  hidden: Partial<Pick<Queue, "deletedAt" | "filledBy" | "filledAt">> = {},
): Queue {
  const others = appDb().select({ count: count() }).from(queues).get()!.count;
  if (others >= mostQueues) throw new AppError(429, `There are ${others} datasets already, the most that are allowed.`);
  return appDb()
    .insert(queues)
    .values({
      name,
      about: asks[question],
      createdAt: now,
      ...(question !== "compare" && { mode: question }),
      ...hidden,
    })
    .returning()
    .get();
}
