// The sample data that a fresh installation starts with: one queue of pairs to rank.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { message, readRows } from "../../trainers/data/rows";
import { appDb } from "../db/client";
import { items, queues } from "../db/schema";

export const sampleRow = z.object({
  prompt: z.array(message).min(1),
  answers: z.tuple([z.string().min(1), z.string().min(1)]),
  source: z.string(),
  writers: z.tuple([z.string(), z.string()]).optional(),
});
export type SampleRow = z.infer<typeof sampleRow>;

export const everydayPairs = join("data", "samples", "everyday.jsonl");

/** Content hash of a pair: importing the same pair twice adds nothing. */
export const itemHash = (row: Pick<SampleRow, "prompt" | "answers">) =>
  createHash("sha256")
    .update(JSON.stringify([row.prompt, ...row.answers]))
    .digest("hex");

/** Adds rows to a queue and returns how many were new. */
export function addItems(queueId: number, rows: SampleRow[]): number {
  return appDb().transaction((tx) => {
    const [last] = tx
      .select({ position: sql<number>`coalesce(max(${items.position}), 0)` })
      .from(items)
      .where(sql`${items.queueId} = ${queueId}`)
      .all();
    let added = 0;
    for (const row of rows) {
      const position = last!.position + added + 1;
      const [first, second] = row.answers;
      added += tx
        .insert(items)
        .values({
          queueId,
          position,
          prompt: row.prompt,
          first,
          second,
          source: row.source,
          writers: row.writers ?? null,
          hash: itemHash(row),
        })
        .onConflictDoNothing()
        .run().changes;
    }
    return added;
  });
}

/** Creates the sample queue on an installation that has none yet. */
export async function loadSamples(now: number): Promise<string> {
  const [{ count } = { count: 0 }] = appDb().select({ count: sql<number>`count(*)` }).from(queues).all();
  if (count > 0) return `${count} ${count === 1 ? "queue" : "queues"}`;
  const { good } = await readRows(everydayPairs, sampleRow);
  const about = "Which answer helps the person more? Look for what is right, complete and clear. Style comes second.";
  const [queue] = appDb()
    .insert(queues)
    .values({ name: "Everyday questions", about, createdAt: now })
    .returning()
    .all();
  return `${addItems(queue!.id, good)} sample pairs loaded`;
}
