// Who judges.
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const annotators = sqliteTable(
  "annotators",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    name: text().notNull(),
    /** "import" gave the labels that came with files, a "judge" is a model (judges.ts): neither sits at a browser. */
    kind: text({ enum: ["person", "import", "judge"] })
      .notNull()
      .default("person"),
    createdAt: integer().notNull(),
    /** Since when their name is a made-up one, and nobody is them any more (lib/personal-data/erase.ts). */
    erasedAt: integer(),
  },
  (t) => [uniqueIndex("annotators_name").on(sql`lower(${t.name})`), index("annotators_kind").on(t.kind)],
);
export type Annotator = typeof annotators.$inferSelect;
