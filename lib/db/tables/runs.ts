// Training runs, who works on them, and the checkpoints that they left.

import { integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Method, RunConfig } from "../../../spec/config";
import type { Halving } from "../../../spec/halving";
import { priorities, runStatuses } from "../../../spec/run-status";
import { annotators } from "./annotators";

/** What is known of how a run was asked for that another program made. */
export interface ExternalConfig {
  method: Method;
  model: { source: string };
  data: { train: null };
  maxSteps?: number | undefined;
  epochs?: number | undefined;
  batchSize?: number | null | undefined;
  logEvery?: number | undefined;
  evalEvery?: number | null | undefined;
  adapter?: undefined;
  machine?: undefined;
  samplePrompts?: undefined;
  configVersion?: undefined;
  output?: undefined;
}

export const stopRequests = ["stop", "stop-now"] as const;

export const runs = sqliteTable("runs", {
  id: text().primaryKey(),
  name: text().notNull(),
  method: text().$type<Method>().notNull(),
  config: text({ mode: "json" }).$type<RunConfig | ExternalConfig>().notNull(),
  status: text({ enum: runStatuses }).notNull(),
  /** What was asked of it: to stop, to go on although what it reads has changed, or to let better runs of its sweep go first. */
  requested: text({ enum: [...stopRequests, "resume-changed", "hold"] }),
  totalSteps: integer(),
  /** What the trainer says it is doing. */
  note: text(),
  error: text(),
  /** Runs that have to finish first: what they leave behind is used here. */
  after: text({ mode: "json" }).$type<string[]>().notNull().default([]),
  /** High ones go before all others, low ones after them. */
  priority: text({ enum: priorities }).notNull().default("normal"),
  /** Where it stands among the queued runs of its priority; null of one that was made before there were turns: its making tells it. */
  turn: integer(),
  /** Bytes that it needs at its peak, as planned when it was queued; null where nobody knows. */
  memory: integer(),
  /** It is not started before this. */
  notBefore: integer(),
  /** The run that this one was cloned from, or forked from at a checkpoint. */
  parentRun: text(),
  parentStep: integer(),
  /** Shared by the runs of a sweep. */
  sweep: text(),
  /** Of a sweep that ends early what is behind: the next rung that it is judged at, from 0; null where it is judged no more. */
  rung: integer(),
  /** Whether it waits, saved, until it is among the best at that rung; one that has stopped meanwhile was stopped early. */
  held: integer({ mode: "boolean" }).notNull().default(false),
  /** The file that an imported run was read from; its config is what that file says. */
  origin: text(),
  /** What people wrote on it: words to filter by, and a sentence or two. */
  tags: text({ mode: "json" }).$type<string[]>().notNull().default([]),
  remark: text().notNull().default(""),
  /** Since when lists leave it out unless they are asked for it. */
  archivedAt: integer(),
  /** Who started it in a browser; null of one that a script or the command line made. */
  startedBy: integer().references(() => annotators.id),
  createdAt: integer().notNull(),
  startedAt: integer(),
  finishedAt: integer(),
});
export type Run = typeof runs.$inferSelect;

/** Sweeps that end early what is behind. */
export const sweeps = sqliteTable("sweeps", {
  id: text().primaryKey(),
  halving: text({ mode: "json" }).$type<Halving>().notNull(),
});

/** What runs of such a sweep had reached at its rungs. */
export const rungs = sqliteTable(
  "rungs",
  {
    runId: text()
      .notNull()
      .references(() => runs.id),
    rung: integer().notNull(),
    step: integer().notNull(),
    value: real().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.rung] })],
);

/** Who works on a run. `attempt` is the fencing token: every write of a trainer names it and does nothing once it is stale. */
export const leases = sqliteTable("leases", {
  runId: text()
    .primaryKey()
    .references(() => runs.id),
  owner: text().notNull(),
  attempt: integer().notNull(),
  expiresAt: integer().notNull(),
  pid: integer(),
  /** What the scheduler of another machine calls the job that works on it. */
  job: text(),
});

export const checkpoints = sqliteTable(
  "checkpoints",
  {
    runId: text()
      .notNull()
      .references(() => runs.id),
    step: integer().notNull(),
    attempt: integer().notNull(),
    folder: text().notNull(),
    manifestHash: text().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.step, t.attempt] })],
);
