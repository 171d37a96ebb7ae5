// app.db: people, pairs, judgements, runs. Every table is STRICT (see migrations); times are epoch milliseconds.

import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Message } from "../../spec/chat";
import type { Method, RunConfig } from "../../spec/config";
import { flagReasons } from "../../spec/flag-reasons";
import { labelKinds } from "../../spec/label-kinds";
import { answerModes, strategies } from "../../spec/queue-options";

export const annotators = sqliteTable(
  "annotators",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    name: text().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("annotators_name").on(sql`lower(${t.name})`)],
);
export type Annotator = typeof annotators.$inferSelect;

export const queues = sqliteTable("queues", {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull().unique(),
  about: text().notNull(),
  /** How to judge, in Markdown; empty where nobody wrote any. */
  guidelines: text().notNull().default(""),
  /** Judgements that each pair is to have; null gives every pair to every annotator. */
  overlap: integer(),
  mode: text({ enum: answerModes }).notNull().default("scale"),
  /** What each answer may be rated on, 1 to 5, beside the vote. */
  aspects: text({ mode: "json" }).$type<string[]>().notNull().default([]),
  /** Which pair comes next. */
  strategy: text({ enum: strategies }).notNull().default("file"),
  /** Percent of an annotator's tasks that are gold pairs, and pairs shown again with sides swapped. */
  goldPercent: integer().notNull().default(0),
  mirrorPercent: integer().notNull().default(0),
  /** Gold pairs that everybody begins with, explained after each vote. */
  training: integer().notNull().default(0),
  /** Most judgements of one annotator; null sets no limit. */
  quota: integer(),
  createdAt: integer().notNull(),
});
export type Queue = typeof queues.$inferSelect;

/** A prompt with two answers. `first` and `second` name the answers themselves; which stands left is each annotator's own. */
export const items = sqliteTable(
  "items",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    queueId: integer()
      .notNull()
      .references(() => queues.id),
    position: integer().notNull(),
    prompt: text({ mode: "json" }).$type<Message[]>().notNull(),
    first: text().notNull(),
    second: text().notNull(),
    /** Who wrote them: shown after the vote, never before. */
    source: text().notNull(),
    /** Which model, or which of its adapters, wrote the first answer and the second, where that is known. */
    writers: text({ mode: "json" }).$type<[string, string]>(),
    /**
     * More than two answers to one prompt are as many pairs as they make, ranked in one go: all bear the same `ranking`, and `place` is their
     * order in it (answers 0 and 1, 0 and 2, … 1 and 2, …). The pair at place 0 stands for the whole where tasks are counted.
     */
    ranking: text(),
    place: integer().notNull().default(0),
    /** The right verdict where it is known, and why: such pairs test annotators and never train a model. */
    gold: text({ mode: "json" }).$type<Gold>(),
    hash: text().notNull(),
  },
  (t) => [
    uniqueIndex("items_hash").on(t.queueId, t.hash),
    index("items_position").on(t.queueId, t.position),
    index("items_ranking").on(t.ranking),
    // all that the tally of judgements reads of a pair, without its texts
    index("items_tally").on(
      t.id,
      t.queueId,
      t.position,
      t.place,
      sql`${t.ranking} IS NOT NULL`,
      sql`${t.gold} IS NOT NULL`,
    ),
  ],
);
export type Item = typeof items.$inferSelect;

/** What somebody changed of a queue's settings and guidelines, as it was sent. Append-only. */
export const queueChanges = sqliteTable(
  "queue_changes",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    queueId: integer()
      .notNull()
      .references(() => queues.id),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    change: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [index("queue_changes_queue").on(t.queueId)],
);

export const verdicts = ["first", "second", "tie", "both_bad", "skip", "flag"] as const;
export type Verdict = (typeof verdicts)[number];
export interface Gold {
  verdict: "first" | "second" | "tie" | "both_bad";
  because: string;
}
/** Ratings from 1 to 5 by aspect, of the first answer and the second. */
export type Aspects = Record<string, [number | null, number | null]>;

/** Append-only. An undo is a row that names the row it takes back, so nothing is ever lost and the history is free. */
export const judgements = sqliteTable(
  "judgements",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    /** The client's idempotency key: a retry finds its own row. */
    key: text().notNull().unique(),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    itemId: integer()
      .notNull()
      .references(() => items.id),
    kind: text({ enum: ["vote", "undo"] }).notNull(),
    verdict: text({ enum: verdicts }),
    /** 1 barely … 4 much better; only where an answer was preferred. */
    strength: integer(),
    /** Why a pair was flagged. */
    reason: text({ enum: flagReasons }),
    /** Why the vote fell as it did, in the annotator's words. */
    rationale: text(),
    /** A better answer than both, written by the annotator. */
    rewrite: text(),
    aspects: text({ mode: "json" }).$type<Aspects>(),
    /** Whether the pair was shown to this annotator again, sides swapped: it measures them and counts for nothing else. */
    mirror: integer({ mode: "boolean" }).notNull().default(false),
    shownLeft: text({ enum: ["first", "second"] }).notNull(),
    activeMs: integer().notNull(),
    undoes: integer().unique(),
    /** Kept, but counted nowhere: when it came, the pair was not served to this person or had all its judgements, or the quota was full. */
    extra: integer({ mode: "boolean" }).notNull().default(false),
    /** Probability with which this pair was the one to be drawn, where the queue draws. */
    chance: real(),
    createdAt: integer().notNull(),
  },
  (t) => [
    index("judgements_annotator").on(t.annotatorId, t.seq),
    index("judgements_item").on(t.itemId),
    check(
      "judgement_shape",
      sql`(${t.kind} = 'vote' AND ${t.verdict} IS NOT NULL AND ${t.undoes} IS NULL) OR (${t.kind} = 'undo' AND ${t.undoes} IS NOT NULL)`,
    ),
    check(
      "judgement_strength",
      sql`${t.kind} = 'undo' OR ((${t.strength} IS NOT NULL) = (${t.verdict} IN ('first', 'second')) AND coalesce(${t.strength}, 1) BETWEEN 1 AND 4)`,
    ),
  ],
);
export type Judgement = typeof judgements.$inferSelect;

export const rulingVerdicts = ["first", "second", "neither", "withdrawn"] as const;

/** What a reviewer made of a pair on which annotators disagree. Append-only: the newest on a pair counts; "withdrawn" gives it back to the votes. */
export const rulings = sqliteTable(
  "rulings",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    itemId: integer()
      .notNull()
      .references(() => items.id),
    reviewerId: integer()
      .notNull()
      .references(() => annotators.id),
    verdict: text({ enum: rulingVerdicts }).notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [index("rulings_item").on(t.itemId)],
);
export type Ruling = typeof rulings.$inferSelect;

/** Which pair was served to whom, kept for good: the slot decides the side, and until `expiresAt` nobody else gets its place. */
export const assignments = sqliteTable(
  "assignments",
  {
    itemId: integer()
      .notNull()
      .references(() => items.id),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    /** 0 for the pair's first annotator, 1 for its second, …; where places are not shared out, the annotator's number. */
    slot: integer().notNull(),
    /** 0 where it holds no place. */
    expiresAt: integer().notNull(),
    /** Probability with which it was drawn; null where pairs come in the file's order. */
    chance: real(),
    /** Whether it was served a second time too, sides swapped. */
    mirrored: integer({ mode: "boolean" }).notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.itemId, t.annotatorId] }), index("assignments_expiry").on(t.expiresAt)],
);

/** What a reward model says of a pair's two answers: which pairs come next may follow from it. Shown after the vote, never before. */
export const itemScores = sqliteTable(
  "item_scores",
  {
    itemId: integer()
      .primaryKey()
      .references(() => items.id),
    first: real().notNull(),
    second: real().notNull(),
    /** The run whose reward model it was. */
    scorer: text().notNull(),
    /** Later than that of every row written before, so that what is new can be found by it. */
    createdAt: integer().notNull(),
  },
  (t) => [index("item_scores_time").on(t.createdAt)],
);

/** A reviewer's request that somebody look at a pair again. Done once they have judged it anew. Append-only. */
export const returns = sqliteTable(
  "returns",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    itemId: integer()
      .notNull()
      .references(() => items.id),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    reviewerId: integer()
      .notNull()
      .references(() => annotators.id),
    note: text().notNull(),
    /** The newest judgement of the table when it was sent: later ones answer it. */
    after: integer().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [index("returns_annotator").on(t.annotatorId)],
);

/** Pairs that are not to be judged or learned from, as the doctor of data proposed or somebody wished. Append-only: the newest row on a pair counts. */
export const exclusions = sqliteTable(
  "exclusions",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    itemId: integer()
      .notNull()
      .references(() => items.id),
    annotatorId: integer()
      .notNull()
      .references(() => annotators.id),
    excluded: integer({ mode: "boolean" }).notNull(),
    reason: text().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [index("exclusions_item").on(t.itemId)],
);

/** A frozen training set made from judged items; `sha256` names the file's content. */
export const snapshots = sqliteTable("snapshots", {
  id: integer().primaryKey({ autoIncrement: true }),
  queueId: integer()
    .notNull()
    .references(() => queues.id),
  sha256: text().notNull().unique(),
  rows: integer().notNull(),
  createdAt: integer().notNull(),
});

/** A file that came with its labels, frozen as `snapshots` are: nobody here judged its rows. Its `sha256` names the file's content. */
export const labelledSets = sqliteTable("labelled_sets", {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull().unique(),
  holds: text({ enum: labelKinds }).notNull(),
  sha256: text().notNull(),
  rows: integer().notNull(),
  /** What methods that compare two answers learn from: a ranking makes several. */
  pairs: integer().notNull(),
  createdAt: integer().notNull(),
});
export type LabelledSet = typeof labelledSets.$inferSelect;

export const runStatuses = ["queued", "running", "stopped", "finished", "failed"] as const;
export type RunStatus = (typeof runStatuses)[number];

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
  /** What the user asked of it: to stop, or to go on although what it reads has changed. */
  requested: text({ enum: [...stopRequests, "resume-changed"] }),
  totalSteps: integer(),
  /** What the trainer says it is doing. */
  note: text(),
  error: text(),
  /** Runs that have to finish first: what they leave behind is used here. */
  after: text({ mode: "json" }).$type<string[]>().notNull().default([]),
  /** The run that this one was cloned from, or forked from at a checkpoint. */
  parentRun: text(),
  parentStep: integer(),
  /** Shared by the runs of a sweep. */
  sweep: text(),
  /** The file that an imported run was read from; its config is what that file says. */
  origin: text(),
  createdAt: integer().notNull(),
  startedAt: integer(),
  finishedAt: integer(),
});
export type Run = typeof runs.$inferSelect;

/** Who works on a run. `attempt` is the fencing token: every write of a trainer names it and does nothing once it is stale. */
export const leases = sqliteTable("leases", {
  runId: text()
    .primaryKey()
    .references(() => runs.id),
  owner: text().notNull(),
  attempt: integer().notNull(),
  expiresAt: integer().notNull(),
  pid: integer(),
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

/** Small facts about this installation: the seed that shuffles sides, the sample data's version. */
export const settings = sqliteTable("settings", { name: text().primaryKey(), value: text().notNull() });
