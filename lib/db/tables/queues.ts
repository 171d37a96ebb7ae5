// Datasets that are annotated, and how.

import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { answerModes, strategies } from "../../../spec/queue-options";
import { annotators } from "./annotators";

export const queues = sqliteTable("queues", {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull().unique(),
  about: text().notNull(),
  /** How to judge, in Markdown; empty where nobody wrote any. */
  guidelines: text().notNull().default(""),
  /** Judgements that each pair is to have; null gives every pair to every annotator. */
  overlap: integer(),
  mode: text({ enum: answerModes }).notNull().default("scale"),
  /** What each answer may be rated on, 1 to 5, beside the vote. */
  aspects: text({ mode: "json" }).$type<string[]>().notNull().default([]),
  /** Which pair comes next. */
  strategy: text({ enum: strategies }).notNull().default("file"),
  /** Percent of an annotator's tasks that are gold pairs, and pairs shown again with sides swapped. */
  goldPercent: integer().notNull().default(0),
  mirrorPercent: integer().notNull().default(0),
  /** Gold pairs that everybody begins with, explained after each vote. */
  training: integer().notNull().default(0),
  /** Most judgements of one annotator; null sets no limit. */
  quota: integer(),
  createdAt: integer().notNull(),
});
export type Queue = typeof queues.$inferSelect;

/** What somebody changed of a queue's settings and guidelines, as it was sent. Append-only. */
export const queueChanges = sqliteTable(
  "queue_changes",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    queueId: integer()
      .notNull()
      .references(() => queues.id),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    change: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [index("queue_changes_queue").on(t.queueId)],
);
