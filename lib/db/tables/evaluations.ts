// What evaluations found of models, a task a row. Run the same way again, a task's row is replaced.

import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { EvaluatedTask, EvaluationSettings } from "../../../spec/evaluations";
import { annotators } from "./annotators";
import { runs } from "./runs";

export const evaluations = sqliteTable(
  "evaluations",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Null of a base as it came. */
    runId: text().references(() => runs.id),
    /** How far the run was. */
    step: integer(),
    /** The base, and how it was held. */
    source: text().notNull(),
    dtype: text().notNull(),
    quantisation: text(),
    unquantised: text({ mode: "json" }).$type<string[]>().notNull().default([]),
    /** What somebody asked for, a task or a group of them, and how. */
    asked: text().notNull(),
    settings: text({ mode: "json" }).$type<EvaluationSettings>().notNull(),
    result: text({ mode: "json" }).$type<EvaluatedTask>().notNull(),
    /** The program that asked, and its version. */
    harness: text().notNull(),
    startedBy: integer().references(() => annotators.id),
    createdAt: integer().notNull(),
  },
  (t) => [index("evaluations_of_run").on(t.runId), index("evaluations_of_base").on(t.source)],
);
