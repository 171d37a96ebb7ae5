// The records of a dataset: a prompt with two answers each, what a reward model says of them, and which are left out.

import { sql } from "drizzle-orm";
import { index, integer, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Message } from "../../../spec/chat";
import { annotators } from "./annotators";
import { queues } from "./queues";

/**
 * A prompt with two answers. `first` and `second` name the answers themselves; which stands left is each annotator's own. An answer that is
 * good or bad by itself has no second one, which is then empty: of it the verdict "first" says good, "second" bad.
 */
export const items = sqliteTable(
  "items",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    queueId: integer()
      .notNull()
      .references(() => queues.id),
    position: integer().notNull(),
    prompt: text({ mode: "json" }).$type<Message[]>().notNull(),
    first: text().notNull(),
    second: text().notNull(),
    /** Who wrote them: shown after the vote, never before. */
    source: text().notNull(),
    /** Which model, or which of its adapters, wrote the first answer and the second, where that is known. */
    writers: text({ mode: "json" }).$type<[string, string]>(),
    /**
     * More than two answers to one prompt are as many pairs as they make, ranked in one go: all bear the same `ranking`, and `place` is their
     * order in it (answers 0 and 1, 0 and 2, … 1 and 2, …). The pair at place 0 stands for the whole where tasks are counted.
     */
    ranking: text(),
    place: integer().notNull().default(0),
    /** The right verdict where it is known, and why: such pairs test annotators and never train a model. */
    gold: text({ mode: "json" }).$type<Gold>(),
    hash: text().notNull(),
  },
  (t) => [
    uniqueIndex("items_hash").on(t.queueId, t.hash),
    index("items_position").on(t.queueId, t.position),
    index("items_ranking").on(t.ranking),
    // all that the tally of judgements reads of a pair, without its texts
    index("items_tally").on(
      t.id,
      t.queueId,
      t.position,
      t.place,
      sql`${t.ranking} IS NOT NULL`,
      sql`${t.gold} IS NOT NULL`,
    ),
    // the same for what records are filtered and sorted by
    index("items_facts").on(t.id, t.source, t.writers, sql`length(${t.first})`, sql`length(${t.second})`),
  ],
);
export type Item = typeof items.$inferSelect;

export interface Gold {
  verdict: "first" | "second" | "tie" | "both_bad";
  because: string;
}

/** What a reward model says of a pair's two answers: which pairs come next may follow from it. Shown after the vote, never before. */
export const itemScores = sqliteTable(
  "item_scores",
  {
    itemId: integer()
      .primaryKey()
      .references(() => items.id),
    /** Null where the answers have changed since. */
    first: real(),
    second: real(),
    /** The folder of the reward model that it was, or a server's address without its query. */
    scorer: text().notNull(),
    /** Later than that of every row written before, so that what is new can be found by it. */
    createdAt: integer().notNull(),
  },
  (t) => [index("item_scores_time").on(t.createdAt)],
);

/** Pairs that are not to be judged or learned from, as the data checks proposed or somebody wished. Append-only: the newest row on a pair counts. */
export const exclusions = sqliteTable(
  "exclusions",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    itemId: integer()
      .notNull()
      .references(() => items.id),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    excluded: integer({ mode: "boolean" }).notNull(),
    reason: text().notNull(),
    /** The dataset's version that it made; null of one before versions were kept. */
    number: integer(),
    createdAt: integer().notNull(),
  },
  (t) => [index("exclusions_item").on(t.itemId)],
);
