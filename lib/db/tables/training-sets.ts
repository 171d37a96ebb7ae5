// Files to train on, frozen by their content.

import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { labelKinds } from "../../../spec/label-kinds";
import { annotators } from "./annotators";
import { queues } from "./queues";

/** A frozen training set made from judged items; `sha256` names the file's content. */
export const snapshots = sqliteTable(
  "snapshots",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    queueId: integer()
      .notNull()
      .references(() => queues.id),
    sha256: text().notNull(),
    rows: integer().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("snapshots_queue_content").on(t.queueId, t.sha256)], // a copy of a dataset may have the same rows
);

/** A file that came with its labels, frozen as `snapshots` are: nobody here judged its rows. Its `sha256` names the file's content. */
export const labelledSets = sqliteTable(
  "labelled_sets",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Only one labelled dataset that is not deleted has it. */
    name: text().notNull(),
    holds: text({ enum: labelKinds }).notNull(),
    sha256: text().notNull(),
    rows: integer().notNull(),
    /** What methods that compare two answers learn from: a ranking makes several. */
    pairs: integer().notNull(),
    /** What SFT learns from: all but solutions with a wrong step. Null of a set that came before this was counted. */
    imitated: integer(),
    /** As of `queues`: for named people alone; kept but out of the way; shown nowhere. */
    restricted: integer({ mode: "boolean" }).notNull().default(false),
    archivedAt: integer(),
    deletedAt: integer(),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("labelled_sets_name").on(t.name).where(sql`${t.deletedAt} IS NULL`)],
);
export type LabelledSet = typeof labelledSets.$inferSelect;

export const rowActions = ["exclude", "include", "mask", "edit", "undo"] as const;

/** Of each version of a dataset after its import, which is version 1. */
export const versionColumns = () => ({
  /** 2 is the first. */
  number: integer().notNull(),
  action: text({ enum: rowActions }).notNull(),
  /** The version whose changes an undo takes back. */
  undoes: integer(),
  reason: text().notNull(),
  annotatorId: integer()
    .notNull()
    .references(() => annotators.id),
  /** Rows or records that it changed. */
  changed: integer().notNull(),
  /** What it has of them. */
  rows: integer().notNull(),
  createdAt: integer().notNull(),
});

/** What somebody did to rows of a labelled dataset, each time a version of it: the import is version 1. Append-only but for `sha256`. */
export const labelledVersions = sqliteTable(
  "labelled_versions",
  {
    setId: integer()
      .notNull()
      .references(() => labelledSets.id),
    ...versionColumns(),
    /** As of `labelledSets`, of the whole version, as `rows` is. */
    pairs: integer().notNull(),
    imitated: integer().notNull(),
    /** Names the file of its rows, once a run or a check has needed one. */
    sha256: text(),
  },
  (t) => [primaryKey({ columns: [t.setId, t.number] })],
);
export type LabelledVersion = typeof labelledVersions.$inferSelect;

/** What a version made of a row: of the newest version that names it, the row is as it says. Append-only. */
export const labelledChanges = sqliteTable(
  "labelled_changes",
  {
    setId: integer()
      .notNull()
      .references(() => labelledSets.id),
    /** Its line in the import. */
    row: integer().notNull(),
    number: integer().notNull(),
    excluded: integer({ mode: "boolean" }).notNull(),
    /** The row as JSON where it differs from the import. */
    record: text(),
  },
  (t) => [primaryKey({ columns: [t.setId, t.row, t.number] }), index("labelled_changes_version").on(t.setId, t.number)],
);
