// Servers of others that answer by OpenAI's API, and what they were asked.

import { sql } from "drizzle-orm";
import { index, integer, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const endpoints = sqliteTable(
  "endpoints",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Only one that is not removed has it. */
    name: text().notNull(),
    /** As far as `/v1`: what the client adds begins with `/chat/completions`. */
    baseUrl: text().notNull(),
    model: text().notNull(),
    /** The environment variable that holds the key, which is nowhere here; null where none is asked for. */
    keyVariable: text(),
    /** Dollars for a million tokens. */
    inputPrice: real().notNull(),
    outputPrice: real().notNull(),
    requestsPerMinute: integer().notNull(),
    /** Dollars that may be spent on it in all; null sets no limit. */
    spendingCap: real(),
    /** When the next request may be sent: every process that asks takes its turn from here. */
    nextTurnAt: integer().notNull().default(0),
    /** Dollars and requests so far: the sums of its answers. */
    spent: real().notNull().default(0),
    requests: integer().notNull().default(0),
    createdAt: integer().notNull(),
    /** Nothing offers it from then on; what it said and cost stays. */
    removedAt: integer(),
  },
  (t) => [uniqueIndex("endpoints_name").on(sql`lower(${t.name})`).where(sql`${t.removedAt} IS NULL`)],
);
export type Endpoint = typeof endpoints.$inferSelect;

/** What was paid for: an answer to each request that got one. The same request is answered from here. */
export const endpointAnswers = sqliteTable(
  "endpoint_answers",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    endpointId: integer()
      .notNull()
      .references(() => endpoints.id),
    /** SHA-256 of address and body of the request, whose texts are not kept a second time. */
    request: text().notNull(),
    answer: text().notNull(),
    /** Whether it ended by itself, not at the most tokens that it might have. */
    ended: integer({ mode: "boolean" }).notNull(),
    inputTokens: integer().notNull(),
    outputTokens: integer().notNull(),
    /** In dollars, at the prices of then. */
    cost: real().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [index("endpoint_answers_request").on(t.endpointId, t.request)],
);
export type EndpointAnswer = typeof endpointAnswers.$inferSelect;
