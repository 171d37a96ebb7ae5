// Deleting datasets, and taking that back. A deleted dataset is shown nowhere, but its rows stay: runs name what they were trained on.
import { and, eq, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { requireFreeName } from "../../annotation/queues/queue-names";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import { labelledSets } from "../../db/tables/training-sets";

type Table = typeof queues | typeof labelledSets;

export const deleteQueue = (id: number, now: number): void => remove(queues, id, now, "dataset");
export const deleteLabelled = (id: number, now: number): void => remove(labelledSets, id, now, "labelled dataset");

/** Nothing happens where it is not deleted. */
export const restoreQueue = (id: number): void => restore(queues, id, requireFreeName, isNull(queues.filledBy));
export const restoreLabelled = (id: number): void => restore(labelledSets, id, requireFreeLabelledName);

function remove(table: Table, id: number, now: number, what: string): void {
  const live = and(eq(table.id, id), isNull(table.deletedAt));
  const { changes } = appDb().update(table).set({ deletedAt: now }).where(live).run();
  if (changes === 0) throw new AppError(404, `There is no ${what} ${id}.`);
}

function restore(table: Table, id: number, requireFree: (name: string) => void, isWhole?: SQL): void {
  appDb().transaction((tx) => {
    const gone = tx
      .select({ name: table.name })
      .from(table)
      .where(and(eq(table.id, id), isNotNull(table.deletedAt), isWhole))
      .get();
    if (!gone) return;
    requireFree(gone.name);
    tx.update(table).set({ deletedAt: null }).where(eq(table.id, id)).run();
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
