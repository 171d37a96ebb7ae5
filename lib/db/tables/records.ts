// What people note of records beside their votes: tags, and views that they come back to.
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { annotators } from "./annotators";
import { items } from "./items";
import { queues } from "./queues";

/** A tag put on a record or taken off. Append-only: the newest row of a record and tag counts. */
export const recordTags = sqliteTable(
  "record_tags",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    itemId: integer()
      .notNull()
      .references(() => items.id),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    tag: text().notNull(),
    tagged: integer({ mode: "boolean" }).notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [index("record_tags_item").on(t.itemId)],
);

/** A name for filters, sorting and search of a dataset's records, as an address has them. */
export const recordViews = sqliteTable(
  "record_views",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    queueId: integer()
      .notNull()
      .references(() => queues.id),
    name: text().notNull(),
    search: text().notNull(),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("record_views_name").on(t.queueId, sql`lower(${t.name})`)],
);
export type RecordView = typeof recordViews.$inferSelect;
