// What people did to the records of a dataset that is annotated. Append-only: with it everything can be as it was.
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Message } from "../../../spec/chat";
import { items } from "./items";
import { judgements } from "./judgements";
import { queues } from "./queues";
import { versionColumns } from "./training-sets";

/** Each time somebody excludes, includes, masks or edits records, or takes that back: a version of the dataset, of which the import is the first. */
export const recordChanges = sqliteTable(
  "record_changes",
  {
    queueId: integer()
      .notNull()
      .references(() => queues.id),
    ...versionColumns(), // `rows`: records that were not excluded after it
  },
  (t) => [primaryKey({ columns: [t.queueId, t.number] })],
);

/** What a pair's texts were before a version changed them. `items` has them as they are now, so that whatever reads pairs reads those. */
export const earlierTexts = sqliteTable(
  "earlier_texts",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    itemId: integer()
      .notNull()
      .references(() => items.id),
    number: integer().notNull(),
    prompt: text({ mode: "json" }).$type<Message[]>().notNull(),
    first: text().notNull(),
    second: text().notNull(),
  },
  (t) => [index("earlier_texts_item").on(t.itemId)],
);

/** What the words of a vote were before a version masked them. `judgements` has them as they are now. */
export const earlierWords = sqliteTable(
  "earlier_words",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    vote: integer()
      .notNull()
      .references(() => judgements.seq),
    number: integer().notNull(),
    rationale: text(),
    rewrite: text(),
  },
  (t) => [index("earlier_words_vote").on(t.vote)],
);
