// A snapshot: the decided pairs of a queue as a file that never changes, named by its hash, in TRL's conversational columns.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { eq } from "drizzle-orm";
import { appDb } from "../db/client";
import { snapshots } from "../db/schema";
import { snapshotFile } from "../env";
import { type Decided, decidedItems } from "../judgements/store";

function trainingRow({ item, balance, raters }: Decided): string {
  const [chosen, rejected] = balance > 0 ? [item.first, item.second] : [item.second, item.first];
  const answer = (content: string) => [{ role: "assistant", content }];
  return JSON.stringify({
    prompt: item.prompt,
    chosen: answer(chosen),
    rejected: answer(rejected),
    strength: Math.abs(balance) / raters,
    n_raters: raters,
  });
}

/** The queue's decided pairs, one JSON object a line. */
export const exportQueue = (queueId: number) =>
  decidedItems(queueId)
    .map((decided) => `${trainingRow(decided)}\n`)
    .join("");

/** Freezes the queue as it stands; the same pairs give the same snapshot. Null where nothing is decided yet. */
export function takeSnapshot(queueId: number, now: number): { id: number; rows: number } | null {
  const text = exportQueue(queueId);
  if (text === "") return null;
  const sha256 = createHash("sha256").update(text).digest("hex");
  const file = snapshotFile(sha256);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, text, { flush: true });
  renameSync(`${file}.tmp`, file);
  const rows = text.split("\n").length - 1;
  appDb().insert(snapshots).values({ queueId, sha256, rows, createdAt: now }).onConflictDoNothing().run();
  return appDb().select().from(snapshots).where(eq(snapshots.sha256, sha256)).get()!;
}

/** The file behind `snapshot:ID`. */
export function snapshotPath(id: number): string {
  const snapshot = appDb().select().from(snapshots).where(eq(snapshots.id, id)).get();
  if (!snapshot) throw new Error(`there is no snapshot ${id}`);
  const file = snapshotFile(snapshot.sha256);
  if (!existsSync(file)) throw new Error(`snapshot ${id} should be at ${file} and is gone`);
  return file;
}
