// Datasets that are annotated, and how.

import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { answerModes, strategies } from "../../../spec/queue-options";
import { annotators } from "./annotators";

export const queues = sqliteTable(
  "queues",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Only one dataset that is not deleted has it. */
    name: text().notNull(),
    about: text().notNull(),
    /** How to judge, in Markdown; empty where nobody wrote any. */
    guidelines: text().notNull().default(""),
    /** Judgements that each pair is to have; null gives every pair to every annotator. */
    overlap: integer(),
    mode: text({ enum: answerModes }).notNull().default("scale"),
    /** What each answer may be rated on, 1 to 5, beside the vote. */
    aspects: text({ mode: "json" }).$type<string[]>().notNull().default([]),
    /** Reasons to choose from beside one's own words. */
    reasonTags: text({ mode: "json" }).$type<string[]>().notNull().default([]),
    /** Whether an answer that an annotator wrote is preferred to the record's own in what is exported and trained on. */
    rewritePairs: integer({ mode: "boolean" }).notNull().default(false),
    /** Whether judges' votes make the label of a record on which no person has an opinion. */
    judgesCount: integer({ mode: "boolean" }).notNull().default(false),
    /** Which pair comes next. */
    strategy: text({ enum: strategies }).notNull().default("file"),
    /** Percent of an annotator's tasks that are gold pairs, and pairs shown again with sides swapped. */
    goldPercent: integer().notNull().default(0),
    mirrorPercent: integer().notNull().default(0),
    /** Gold pairs that everybody begins with, explained after each vote. */
    training: integer().notNull().default(0),
    /** Most judgements of one annotator; null sets no limit. */
    quota: integer(),
    /** Whether only those are served who were given records of it (assigned-work.ts). */
    assignedOnly: integer({ mode: "boolean" }).notNull().default(false),
    /** The run that made it for its own answers, or whose chats fill it (lib/runs/chat-datasets.ts): found by it whatever it is called. */
    run: text(),
    /** Whether it is there only for those who were given a role on it (dataset-roles.ts), and for owners of the workbench. */
    restricted: integer({ mode: "boolean" }).notNull().default(false),
    /** Kept, but out of the way; null where it is in use. */
    archivedAt: integer(),
    /** Nothing shows it from then on. Its rows stay, so that it can be restored and that runs know what they were trained on. */
    deletedAt: integer(),
    /** The process (lib/this-process.ts) that puts its first records into it: until that is done it counts as deleted, and cannot be restored. */
    filledBy: text(),
    /** When it last put some into it. */
    filledAt: integer(),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("queues_name").on(t.name).where(sql`${t.deletedAt} IS NULL`)],
);
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
