// A snapshot: the decided pairs of a queue as a file that never changes, named by its hash, in TRL's conversational columns.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { asc, eq } from "drizzle-orm";
import { reliabilityOf } from "../agreement/store";
import { appDb } from "../db/client";
import { items, snapshots } from "../db/schema";
import { snapshotFile } from "../env";
import { type Decided, decidedItems, rewritesOf, votesOf } from "../judgements/store";

function trainingRow({ item, balance, raters, rationales, ruled }: Decided, first: number): string {
  const [chosen, rejected] = balance > 0 ? [item.first, item.second] : [item.second, item.first];
  const answer = (content: string) => [{ role: "assistant", content }];
  return JSON.stringify({
    prompt: item.prompt,
    chosen: answer(chosen),
    rejected: answer(rejected),
    strength: Math.abs(balance) / raters,
    n_raters: raters,
    p_chosen: ruled ? 1 : Number((balance > 0 ? first : 1 - first).toFixed(4)),
    ...(rationales.length > 0 && { rationales }),
  });
}

/** The queue's decided pairs, one JSON object a line; `p_chosen` is how sure the annotators' reliability leaves the label. */
export function exportQueue(queueId: number): string {
  const { first } = reliabilityOf(votesOf(queueId));
  return decidedItems(queueId)
    .map((decided) => `${trainingRow(decided, first.get(decided.item.id) ?? 1)}\n`)
    .join("");
}

/** The answers that annotators wrote themselves, as SFT reads them. */
export const exportRewrites = (queueId: number) =>
  rewritesOf(queueId)
    .map(({ item: { prompt }, rewrite }) => {
      const completion = [{ role: "assistant", content: rewrite }];
      return `${JSON.stringify({ prompt, completion })}\n`;
    })
    .join("");

/** Every pair as it came, judged or not: what an import reads again. */
export const exportItems = (queueId: number) =>
  appDb()
    .select()
    .from(items)
    .where(eq(items.queueId, queueId))
    .orderBy(asc(items.position))
    .all()
    .map(({ prompt, first, second, source, writers }) => {
      const row = { prompt, answers: [first, second], source, ...(writers && { writers }) };
      return `${JSON.stringify(row)}\n`;
    })
    .join("");

export const exporters = { pairs: exportQueue, rewrites: exportRewrites, items: exportItems };

/** Freezes the queue as it stands; the same rows give the same snapshot. Null where there are none yet. */
export function takeSnapshot(
  queueId: number,
  rows: "pairs" | "rewrites",
  now: number,
): { id: number; rows: number } | null {
  const text = exporters[rows](queueId);
  if (text === "") return null;
  const sha256 = createHash("sha256").update(text).digest("hex");
  const file = snapshotFile(sha256);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, text, { flush: true });
  renameSync(`${file}.tmp`, file);
  const count = text.split("\n").length - 1;
  appDb().insert(snapshots).values({ queueId, sha256, rows: count, createdAt: now }).onConflictDoNothing().run();
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
