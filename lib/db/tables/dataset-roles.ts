// Roles that people of a team have on single datasets, in the place of the one that they have in the workbench.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { roles } from "../../../spec/roles";
import { users } from "./accounts";

export const datasetKinds = ["annotate", "labelled"] as const;

export const datasetRoles = sqliteTable(
  "dataset_roles",
  {
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text({ enum: datasetKinds }).notNull(),
    /** Of `queues` or of `labelled_sets`, by its kind; neither gives a number twice. */
    datasetId: integer().notNull(),
    role: text({ enum: roles }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.kind, t.datasetId] })],
);
