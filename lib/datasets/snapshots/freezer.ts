// Freezes what is annotated by now for a run: the rows as a file that never changes, named by its hash.
import { createHash, randomUUID } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { snapshotFile } from "../../../common/env";
import { isRecord } from "../../../common/json";
import { asksSingle, asksSteps } from "../../annotation/items/asks-single";
import { appDb } from "../../db/client";
import { snapshots } from "../../db/tables/training-sets";
import { requireUnchanged } from "../require-unchanged";
import { eachByCriterion } from "./criteria";
import { jsonLines } from "./export-formats";
import { eachRanking } from "./rankings";
import { eachForKto, eachLabelledByStep, eachPair, eachRewrite } from "./snapshot";

/** What is frozen of a queue. */
export const frozenRows = {
  pairs: eachPair,
  rankings: eachRanking,
  kto: eachForKto,
  stepwise: eachLabelledByStep,
  rewrites: eachRewrite,
} satisfies Record<string, (queueId: number) => Iterable<object>>;
/** Of a criterion: pairs whose answers are rated differently on it. */
export type FrozenRows = keyof typeof frozenRows | `criterion:${string}`;

const rowsOf = (queueId: number, rows: FrozenRows): Iterable<object> =>
  isCriterion(rows) ? eachByCriterion(queueId, rows.slice("criterion:".length)) : frozenRows[rows](queueId);

const isCriterion = (rows: FrozenRows): rows is `criterion:${string}` => rows.startsWith("criterion:");

/** What of a run's config says which rows it reads; without a method pairs are read. */
export interface ReadsRows {
  method?: string;
  reward?: unknown;
}

/**
 * What a method is given of what is annotated: a reward model of a criterion the pairs that are rated differently on it, listwise DPO whole
 * rankings, KTO pairs and the answers of those that people found equal, all others pairs.
 */
export function rowsFor(kind: "queue" | "rewrites", { method, reward }: ReadsRows): FrozenRows {
  if (kind === "rewrites") return "rewrites";
  const criterion = method === "reward" && isRecord(reward) ? reward.criterion : null;
  if (typeof criterion === "string") return `criterion:${criterion}`;
  return method === "listwise" ? "rankings" : method === "kto" ? "kto" : "pairs";
}

/** The same of this queue: where people judge one answer at a time, there are no pairs. KTO reads whole solutions. */
export function rowsIn(queueId: number, rows: FrozenRows): FrozenRows {
  if (rows === "rewrites" || !asksSingle(queueId)) return rows;
  return asksSteps(queueId) && rows !== "kto" ? "stepwise" : "kto";
}

const units = { pairs: "pairs", rankings: "pairs", kto: "answers", stepwise: "solutions" };

/** Why there is nothing to freeze. */
export function nothingFrozen(rows: FrozenRows): string {
  if (rows === "rewrites") return "has no rewrites yet; annotate some records first";
  return isCriterion(rows)
    ? `has no pair whose answers are rated differently on ${rows.slice("criterion:".length)}; rate some in the annotation screen first`
    : `has no annotated ${units[rows]} yet; annotate some records first`;
}

/** Null where there are no rows. */
export const frozenFile = z.object({ sha256: z.string(), rows: z.number() }).nullable();
export type FrozenFile = z.infer<typeof frozenFile>;

/** What has been written already, by `keyOf`. */
export type FrozenFiles = Map<string, FrozenFile>;
export const keyOf = (queueId: number, rows: FrozenRows): string => `${queueId}/${rows}`;

/**
 * Freezes queues as they stand, each once however often it is asked for: neither the runs of a sweep nor a busy database may repeat it. The
 * same rows of a queue give the same snapshot; null where there are none.
 */
export function createFreezer(now: number, written: FrozenFiles = new Map()) {
  return (queueId: number, asked: FrozenRows): { id: number } | null => {
    const rows = rowsIn(queueId, asked);
    const key = keyOf(queueId, rows);
    const file = written.has(key) ? written.get(key)! : writeSnapshot(queueId, rows);
    written.set(key, file);
    return file && registered(queueId, file, now);
  };
}
export type Freezer = ReturnType<typeof createFreezer>;

/** The rows as they stand at one moment. */
export function writeSnapshot(queueId: number, rows: FrozenRows): FrozenFile {
  const draft = snapshotFile(`draft-${randomUUID()}`);
  mkdirSync(dirname(draft), { recursive: true });
  try {
    const written = appDb().transaction(() => writeRows(draft, rowsOf(queueId, rows)));
    if (written.rows === 0) return null;
    renameSync(draft, snapshotFile(written.sha256));
    return written;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Rows that are written together: all of them may be more than memory holds. */
const atOnce = 1000;

function writeRows(path: string, all: Iterable<object>): { sha256: string; rows: number } {
  const hash = createHash("sha256");
  const file = openSync(path, "w");
  let rows = 0;
  let held: object[] = [];
  const write = () => {
    const lines = Buffer.from(jsonLines(held));
    hash.update(lines);
    writeFileSync(file, lines);
    rows += held.length;
    held = [];
  };
  try {
    for (const row of all) {
      held.push(row);
      if (held.length === atOnce) write();
    }
    if (held.length > 0) write();
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { sha256: hash.digest("hex"), rows };
}

function registered(queueId: number, { sha256, rows }: { sha256: string; rows: number }, now: number): { id: number } {
  appDb().insert(snapshots).values({ queueId, sha256, rows, createdAt: now }).onConflictDoNothing().run();
  return appDb()
    .select({ id: snapshots.id })
    .from(snapshots)
    .where(and(eq(snapshots.queueId, queueId), eq(snapshots.sha256, sha256)))
    .get()!;
}

/** The file behind `snapshot:ID`. Throws where it is not the one that was taken. */
export function snapshotPath(id: number): string {
  const snapshot = appDb().select().from(snapshots).where(eq(snapshots.id, id)).get();
  if (!snapshot) throw new Error(`there is no snapshot ${id}`);
  const file = snapshotFile(snapshot.sha256);
  if (!existsSync(file)) throw new Error(`snapshot ${id} should be at ${file}, but is missing`);
  requireUnchanged(file, snapshot.sha256, `snapshot ${id}`);
  return file;
}
