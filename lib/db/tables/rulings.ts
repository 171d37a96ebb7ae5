// What reviewers made of disputed records.

import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { annotators } from "./annotators";
import { items } from "./items";

export const rulingVerdicts = ["first", "second", "neither", "withdrawn"] as const;

/** What a reviewer made of a pair on which annotators disagree. Append-only: the newest on a pair counts; "withdrawn" gives it back to the votes. */
export const rulings = sqliteTable(
  "rulings",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    itemId: integer()
      .notNull()
      .references(() => items.id),
    reviewerId: integer()
      .notNull()
      .references(() => annotators.id),
    verdict: text({ enum: rulingVerdicts }).notNull(),
    /** As a vote's. */
    wrongStep: integer(),
    createdAt: integer().notNull(),
  },
  (t) => [index("rulings_item").on(t.itemId)],
);
export type Ruling = typeof rulings.$inferSelect;

/** A reviewer's request that somebody look at a pair again. Done once they have judged it anew. Append-only. */
export const returns = sqliteTable(
  "returns",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    itemId: integer()
      .notNull()
      .references(() => items.id),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    reviewerId: integer()
      .notNull()
      .references(() => annotators.id),
    note: text().notNull(),
    /** The newest judgement of the table when it was sent: later ones answer it. */
    after: integer().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [index("returns_annotator").on(t.annotatorId)],
);
