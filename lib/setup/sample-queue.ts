// The sample data that a fresh installation starts with: one queue of pairs to rank.
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { readRows } from "../../common/rows/rows";
import { addItems, sampleRow } from "../annotation/items/items";
import { appDb } from "../db/client";
import { queues } from "../db/tables/queues";

const everydayPairs = join("data", "samples", "everyday.jsonl");

/** Creates the sample queue on an installation that has none yet. */
export async function loadSamples(now: number): Promise<string> {
  const [{ count } = { count: 0 }] = appDb().select({ count: sql<number>`count(*)` }).from(queues).all();
  if (count > 0) return `${count} ${count === 1 ? "queue" : "queues"}`;
  const { good } = await readRows(everydayPairs, sampleRow);
  const about = "Which answer is more helpful? Look for correctness, completeness and clarity; style comes second.";
  const [queue] = appDb()
    .insert(queues)
    .values({ name: "Everyday questions", about, createdAt: now })
    .returning()
    .all();
  return `${addItems(queue!.id, good)} sample pairs loaded`;
}
