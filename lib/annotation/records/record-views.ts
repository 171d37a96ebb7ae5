// Views of a dataset's records that somebody saved under a name.
import { and, asc, eq } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { appDb } from "../../db/client";
import { recordViews } from "../../db/tables/records";
import type { SavedView, ViewInput } from "./records-schema";

const mostViews = 100;

export const viewsOf = (queueId: number): SavedView[] =>
  appDb()
    .select({ id: recordViews.id, name: recordViews.name, search: recordViews.search })
    .from(recordViews)
    .where(eq(recordViews.queueId, queueId))
    .orderBy(asc(recordViews.name))
    .all();

/** A view of the same name takes the new filters. */
export function saveView(queueId: number, annotatorId: number, { name, search }: ViewInput, now: number): void {
  appDb().transaction((tx) => {
    const known = viewsOf(queueId);
    const same = known.find((view) => view.name.toLowerCase() === name.toLowerCase());
    if (!same && known.length >= mostViews)
      throw new AppError(429, `There are ${known.length} views already, the most that are allowed; delete one first.`);
    if (same) tx.update(recordViews).set({ name, search }).where(eq(recordViews.id, same.id)).run();
    else tx.insert(recordViews).values({ queueId, annotatorId, name, search, createdAt: now }).run();
  });
}

export function deleteView(queueId: number, id: number): void {
  appDb()
    .delete(recordViews)
    .where(and(eq(recordViews.queueId, queueId), eq(recordViews.id, id)))
    .run();
}
