// Records of a dataset that somebody is to annotate, and by when.

import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { annotators } from "./annotators";
import { queues } from "./queues";

/** Changed by a row in the place of another, so that what a number has never changes. */
export const assignedWork = sqliteTable(
  "assigned_work",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    queueId: integer()
      .notNull()
      .references(() => queues.id),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    /** Ids of `items`. */
    records: text({ mode: "json" }).$type<number[]>().notNull(),
    /** A day, YYYY-MM-DD, until whose end they are to be done. */
    due: text(),
    givenBy: integer()
      .notNull()
      .references(() => annotators.id),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("assigned_work_person").on(t.queueId, t.annotatorId)],
);
