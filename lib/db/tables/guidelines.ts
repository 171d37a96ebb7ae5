// What the guidelines of a dataset were, and who has read them.

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { annotators } from "./annotators";
import { queues } from "./queues";

/** Append-only; the newest is what the queue itself holds. */
export const guidelineVersions = sqliteTable(
  "guideline_versions",
  {
    queueId: integer()
      .notNull()
      .references(() => queues.id),
    /** From 1 on. */
    number: integer().notNull(),
    guidelines: text().notNull(),
    /** Whether those who annotated under an earlier one are asked to read it. */
    asks: integer({ mode: "boolean" }).notNull(),
    /** Null where it came with a copy of another dataset. */
    annotatorId: integer().references(() => annotators.id),
    createdAt: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.queueId, t.number] })],
);

/** Who said to have read which version. */
export const guidelineAgreements = sqliteTable(
  "guideline_agreements",
  {
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    queueId: integer()
      .notNull()
      .references(() => queues.id),
    number: integer().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.annotatorId, t.queueId, t.number] })],
);
