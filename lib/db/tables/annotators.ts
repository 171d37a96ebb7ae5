// Who judges.
import { sql } from "drizzle-orm";
import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const annotators = sqliteTable(
  "annotators",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    name: text().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("annotators_name").on(sql`lower(${t.name})`)],
);
export type Annotator = typeof annotators.$inferSelect;
