// What people noted of base models, whose files are theirs: that they are to be listed or left out, and a name.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ModelLook } from "../../../spec/reports";

export const models = sqliteTable("models", {
  /** The name of a bundled one, a path, or of the Hub's `hub:owner/name@commit`. */
  source: text().primaryKey(),
  /** What it is called here; null where its source is its name. */
  name: text(),
  /** When somebody added it, and what it was then; null where the list has it for its runs or as a bundled one. */
  addedAt: integer(),
  look: text({ mode: "json" }).$type<ModelLook>(),
  /** The source of the model that it was made of here; null where it came from elsewhere. */
  madeOf: text(),
  /** Since when the list leaves it out, until another run is made of it. */
  removedAt: integer(),
});
