// What annotators said of records, and what was served to whom.

import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { flagReasons } from "../../../spec/flag-reasons";
import { annotators } from "./annotators";
import { items } from "./items";

export const verdicts = ["first", "second", "tie", "both_bad", "skip", "flag"] as const;
export type Verdict = (typeof verdicts)[number];

/** Ratings from 1 to 5 by aspect, of the first answer and the second. */
export type Aspects = Record<string, [number | null, number | null]>;

/** Append-only. An undo is a row that names the row it takes back, so nothing is ever lost and the history is free. */
export const judgements = sqliteTable(
  "judgements",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    /** The client's idempotency key: a retry finds its own row. */
    key: text().notNull().unique(),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    itemId: integer()
      .notNull()
      .references(() => items.id),
    kind: text({ enum: ["vote", "undo"] }).notNull(),
    verdict: text({ enum: verdicts }),
    /** 1 barely … 4 much better; only where an answer was preferred. */
    strength: integer(),
    /** Of a solution whose first wrong step is asked for: its number, from 1, or 0 where every step is right. */
    wrongStep: integer(),
    /** Why a pair was flagged. */
    reason: text({ enum: flagReasons }),
    /** Why the vote fell as it did, in the annotator's words. */
    rationale: text(),
    /** Which of the dataset's reasons apply. */
    tags: text({ mode: "json" }).$type<string[]>(),
    /** A better answer than both, written by the annotator. */
    rewrite: text(),
    aspects: text({ mode: "json" }).$type<Aspects>(),
    /** Whether the pair was shown to this annotator again, sides swapped: it measures them and counts for nothing else. */
    mirror: integer({ mode: "boolean" }).notNull().default(false),
    shownLeft: text({ enum: ["first", "second"] }).notNull(),
    activeMs: integer().notNull(),
    undoes: integer().unique(),
    /** Kept, but counted nowhere: when it came, the pair was not served to this person or had all its judgements, or the quota was full. */
    extra: integer({ mode: "boolean" }).notNull().default(false),
    /** Probability with which this pair was the one to be drawn, where the queue draws. */
    chance: real(),
    /** The version of the guidelines on the voter's screen, 0 before the first; null where it is not known. */
    guidelines: integer(),
    createdAt: integer().notNull(),
  },
  (t) => [
    index("judgements_annotator").on(t.annotatorId, t.seq),
    index("judgements_item").on(t.itemId),
    check(
      "judgement_shape",
      sql`(${t.kind} = 'vote' AND ${t.verdict} IS NOT NULL AND ${t.undoes} IS NULL) OR (${t.kind} = 'undo' AND ${t.undoes} IS NOT NULL)`,
    ),
    check(
      "judgement_strength",
      sql`${t.kind} = 'undo' OR ((${t.strength} IS NOT NULL) = (${t.verdict} IN ('first', 'second')) AND coalesce(${t.strength}, 1) BETWEEN 1 AND 4)`,
    ),
  ],
);
export type Judgement = typeof judgements.$inferSelect;

/** Which pair was served to whom, kept for good: the slot decides the side, and until `expiresAt` nobody else gets its place. */
export const assignments = sqliteTable(
  "assignments",
  {
    itemId: integer()
      .notNull()
      .references(() => items.id),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    /** 0 for the pair's first annotator, 1 for its second, …; where places are not shared out, the annotator's number. */
    slot: integer().notNull(),
    /** 0 where it holds no place. */
    expiresAt: integer().notNull(),
    /** Probability with which it was drawn; null where pairs come in the file's order. */
    chance: real(),
    /** Whether it was served a second time too, sides swapped. */
    mirrored: integer({ mode: "boolean" }).notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.itemId, t.annotatorId] }),
    index("assignments_expiry").on(t.expiresAt, t.itemId, t.annotatorId),
  ],
);
