import { sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Small facts about this installation: the seed that shuffles sides, the sample data's version. */
export const settings = sqliteTable("settings", { name: text().primaryKey(), value: text().notNull() });
