// Annotators that are models, asked over an endpoint.

import { integer, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { annotators } from "./annotators";
import { endpoints } from "./endpoints";
import { judgements } from "./judgements";

/** An endpoint that gets another model is another judge. */
export const judges = sqliteTable(
  "judges",
  {
    annotatorId: integer()
      .primaryKey()
      .references(() => annotators.id),
    endpointId: integer()
      .notNull()
      .references(() => endpoints.id),
    model: text().notNull(),
  },
  (t) => [uniqueIndex("judges_endpoint").on(t.endpointId, t.model)],
);

export const orderVerdicts = ["first", "second", "tie"] as const;
export type OrderVerdict = (typeof orderVerdicts)[number];

/** What a judge said in each of the two orders in which it saw a pair, beside the vote that both make. */
export const judgeVotes = sqliteTable("judge_votes", {
  vote: integer()
    .primaryKey()
    .references(() => judgements.seq),
  /** With the first answer shown first, and with the second one. */
  firstShown: text({ enum: orderVerdicts }).notNull(),
  secondShown: text({ enum: orderVerdicts }).notNull(),
  /** Dollars; of answers from the cache 0. */
  cost: real().notNull(),
});
export type JudgeVote = typeof judgeVotes.$inferSelect;
