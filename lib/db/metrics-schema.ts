// metrics.db: what trainers report while they run. A file of its own, since SQLite has one writer a file and labels must not wait.

import { blob, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Text } from "../../common/rows/rows";
import type { RuleName } from "../../spec/alerts";
import type { Check } from "../../spec/checks";
import type { DistributionName } from "../../spec/histograms";
import type { MetricName, MetricRow } from "../../spec/metrics/catalogue";
import type { TracedRollout } from "../../spec/rollouts";

/**
 * One row per logged step, for the newest of a run; `seq` is the cursor of live charts. A resumed run deletes the steps it is about to
 * repeat. Older rows move into `blocks`, see lib/history.
 */
export const points = sqliteTable(
  "points",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    runId: text().notNull(),
    step: integer().notNull(),
    attempt: integer().notNull(),
    at: integer().notNull(),
    values: text({ mode: "json" }).$type<Omit<MetricRow, "step">>().notNull(),
  },
  (t) => [uniqueIndex("points_step").on(t.runId, t.step), index("points_seq").on(t.runId, t.seq)],
);

/** The points of a metric in a chunk of rows. */
export const blocks = sqliteTable(
  "blocks",
  {
    runId: text().notNull(),
    metric: text().$type<MetricName>().notNull(),
    /** Counts a run's chunks from 0; all metrics of a chunk come from the same rows. */
    chunk: integer().notNull(),
    points: blob({ mode: "buffer" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.metric, t.chunk] }), index("blocks_run").on(t.runId, t.chunk)],
);

/** A metric from afar: summaries of up to `size` points each, of as many chunks as have five hundred of them. */
export const summaries = sqliteTable(
  "summaries",
  {
    runId: text().notNull(),
    metric: text().$type<MetricName>().notNull(),
    size: integer().notNull(),
    part: integer().notNull(),
    /** The value at their end. Before the bytes, so that to read it is to read no further. */
    latest: real().notNull(),
    bytes: blob({ mode: "buffer" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.metric, t.size, t.part] })],
);

/** Distributions of what a step learnt from. */
export const histograms = sqliteTable(
  "histograms",
  {
    runId: text().notNull(),
    step: integer().notNull(),
    name: text().$type<DistributionName>().notNull(),
    attempt: integer().notNull(),
    low: real().notNull(),
    high: real().notNull(),
    counts: text({ mode: "json" }).$type<number[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.name, t.step] })],
);

/** A few completions that a step learned from, token by token. */
export const rollouts = sqliteTable(
  "rollouts",
  {
    runId: text().notNull(),
    step: integer().notNull(),
    attempt: integer().notNull(),
    rollouts: text({ mode: "json" }).$type<TracedRollout[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.step] })],
);

/** What a rule found, once a run. */
export const alerts = sqliteTable(
  "alerts",
  {
    runId: text().notNull(),
    rule: text().$type<RuleName>().notNull(),
    attempt: integer().notNull(),
    step: integer().notNull(),
    measured: text().notNull(),
    at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.rule] })],
);

/** Answers of the policy to the fixed prompts. */
export const answers = sqliteTable(
  "answers",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    runId: text().notNull(),
    step: integer().notNull(),
    slot: integer().notNull(),
    attempt: integer().notNull(),
    prompt: text({ mode: "json" }).$type<Text>().notNull(),
    answer: text().notNull(),
    tokens: integer().notNull(),
    kl: real().notNull(),
    reward: real(),
    gold: real(),
  },
  (t) => [uniqueIndex("answers_slot").on(t.runId, t.step, t.slot)],
);

export const logLines = sqliteTable(
  "log_lines",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    runId: text().notNull(),
    attempt: integer().notNull(),
    at: integer().notNull(),
    text: text().notNull(),
  },
  (t) => [index("log_lines_run").on(t.runId, t.seq)],
);

/** The newest attempt of each run, in the same file as what it fences, and how much of its events has become rows. */
export const fences = sqliteTable("fences", {
  runId: text().primaryKey(),
  attempt: integer().notNull(),
  /** Bytes of its events file. */
  bytesRead: integer().notNull().default(0),
});

/** What had to hold in a run and did, with what was measured. */
export const checks = sqliteTable(
  "checks",
  {
    runId: text().notNull(),
    name: text().$type<Check["name"]>().notNull(),
    attempt: integer().notNull(),
    detail: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.name] })],
);
