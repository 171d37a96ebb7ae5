// What people noted of base models, whose files are theirs: a name, and that the list of models is to leave one out.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const models = sqliteTable("models", {
  /** The name of a bundled one, or a path. */
  source: text().primaryKey(),
  /** What it is called here; null where its source is its name. */
  name: text(),
  /** Since when the list leaves it out, until another run is made of it. */
  removedAt: integer(),
});
