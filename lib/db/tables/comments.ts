// What people write to each other about records.

import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { annotators } from "./annotators";
import { items } from "./items";

export const comments = sqliteTable(
  "comments",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** The pair that stands for its record. */
    itemId: integer()
      .notNull()
      .references(() => items.id),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    text: text().notNull(),
    createdAt: integer().notNull(),
    editedAt: integer(),
    /** Who settled what it asks, and when. */
    resolvedBy: integer().references(() => annotators.id),
    resolvedAt: integer(),
  },
  (t) => [index("comments_item").on(t.itemId)],
);
export type Comment = typeof comments.$inferSelect;

/** Whom a comment names by `@`. */
export const mentions = sqliteTable(
  "mentions",
  {
    commentId: integer()
      .notNull()
      .references(() => comments.id, { onDelete: "cascade" }),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    readAt: integer(),
  },
  (t) => [primaryKey({ columns: [t.commentId, t.annotatorId] }), index("mentions_annotator").on(t.annotatorId)],
);
