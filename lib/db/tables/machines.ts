// Machines other than this one that runs may be sent to.

import { sql } from "drizzle-orm";
import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { MachineSettings } from "../../../spec/machines";

export const machines = sqliteTable(
  "machines",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** As run files call it. */
    name: text().notNull(),
    /** How many runs it takes at a time, those that wait in its own queue included. */
    runsAtOnce: integer().notNull(),
    settings: text({ mode: "json" }).$type<MachineSettings>().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("machines_name").on(sql`lower(${t.name})`)],
);
export type Machine = typeof machines.$inferSelect;
