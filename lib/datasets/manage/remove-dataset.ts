// Deleting datasets, and taking that back. A deleted dataset is shown nowhere, but its rows stay: runs name what they were trained on.
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { requireFreeName } from "../../annotation/queues/queue-names";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import { labelledSets } from "../../db/tables/training-sets";

export function deleteQueue(id: number, now: number): void {
  const live = and(eq(queues.id, id), isNull(queues.deletedAt));
  const { changes } = appDb().update(queues).set({ deletedAt: now }).where(live).run();
  if (changes === 0) throw new AppError(404, `There is no dataset ${id}.`);
}

/** Nothing happens where it is not deleted. */
export function restoreQueue(id: number): void {
  appDb().transaction((tx) => {
    const gone = tx
      .select()
      .from(queues)
      .where(and(eq(queues.id, id), isNotNull(queues.deletedAt)))
      .get();
    if (!gone) return;
    requireFreeName(gone.name);
    tx.update(queues).set({ deletedAt: null }).where(eq(queues.id, id)).run();
  });
}

export function deleteLabelled(id: number, now: number): void {
  const live = and(eq(labelledSets.id, id), isNull(labelledSets.deletedAt));
  const { changes } = appDb().update(labelledSets).set({ deletedAt: now }).where(live).run();
  if (changes === 0) throw new AppError(404, `There is no labelled dataset ${id}.`);
}

export function restoreLabelled(id: number): void {
  appDb().transaction((tx) => {
    const gone = tx
      .select()
      .from(labelledSets)
      .where(and(eq(labelledSets.id, id), isNotNull(labelledSets.deletedAt)))
      .get();
    if (!gone) return;
    requireFreeLabelledName(gone.name);
    tx.update(labelledSets).set({ deletedAt: null }).where(eq(labelledSets.id, id)).run();
  });
}

/** Throws where another labelled dataset has the name. */
export function requireFreeLabelledName(name: string, except = 0): void {
  const taken = appDb()
    .select({ id: labelledSets.id })
    .from(labelledSets)
    .where(and(eq(labelledSets.name, name), isNull(labelledSets.deletedAt), sql`${labelledSets.id} <> ${except}`))
    .get();
  if (!taken) return;
  const message = `Another labelled dataset is called ${name}; give this one another name.`;
  throw new AppError(409, message, { problems: [{ path: "name", message }] });
}
