// Files to train on, frozen by their content.

import { sql } from "drizzle-orm";
import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { labelKinds } from "../../../spec/label-kinds";
import { queues } from "./queues";

/** A frozen training set made from judged items; `sha256` names the file's content. */
export const snapshots = sqliteTable(
  "snapshots",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    queueId: integer()
      .notNull()
      .references(() => queues.id),
    sha256: text().notNull(),
    rows: integer().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("snapshots_queue_content").on(t.queueId, t.sha256)], // a copy of a dataset may have the same rows
);

/** A file that came with its labels, frozen as `snapshots` are: nobody here judged its rows. Its `sha256` names the file's content. */
export const labelledSets = sqliteTable(
  "labelled_sets",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Only one labelled dataset that is not deleted has it. */
    name: text().notNull(),
    holds: text({ enum: labelKinds }).notNull(),
    sha256: text().notNull(),
    rows: integer().notNull(),
    /** What methods that compare two answers learn from: a ranking makes several. */
    pairs: integer().notNull(),
    /** What SFT learns from: all but solutions with a wrong step. Null of a set that came before this was counted. */
    imitated: integer(),
    /** As of `queues`: kept but out of the way, and shown nowhere. */
    archivedAt: integer(),
    deletedAt: integer(),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("labelled_sets_name").on(t.name).where(sql`${t.deletedAt} IS NULL`)],
);
export type LabelledSet = typeof labelledSets.$inferSelect;
