// What a run learns from, as people know it.
import "server-only";
import { eq } from "drizzle-orm";
import { sampleSets } from "../datasets/sample-sets";
import { appDb } from "../db/client";
import { queues } from "../db/tables/queues";
import { labelledSets, snapshots } from "../db/tables/training-sets";

interface Source {
  /** As the launch form's list has it. */
  set: string;
  name: string;
  /** Null where there is no page of it. */
  queue: number | null;
}

/** Of a run file's `data.train`. Null for files that are not the workbench's own. */
export function sourceOf(train: string | null): Source | null {
  const sample = sampleSets.find(({ path }) => path === train);
  if (sample) return { set: `sample:${sample.id}`, name: sample.name, queue: null };
  const labelledId = Number(/^labelled:(\d+)$/.exec(train ?? "")?.[1]);
  const labelled = appDb().select().from(labelledSets).where(eq(labelledSets.id, labelledId)).get();
  if (labelled) return { set: train!, name: `${labelled.name}, as imported`, queue: null };
  const snapshot = Number(/^snapshot:(\d+)$/.exec(train ?? "")?.[1]);
  const queue = appDb()
    .select({ id: queues.id, name: queues.name, deleted: queues.deletedAt, at: snapshots.createdAt })
    .from(snapshots)
    .innerJoin(queues, eq(queues.id, snapshots.queueId))
    .where(eq(snapshots.id, snapshot))
    .get();
  if (!queue) return null;
  const day = new Date(queue.at).toLocaleDateString("en-GB");
  const name = `${queue.name}, as of ${day}${queue.deleted === null ? "" : " (deleted since)"}`;
  return { set: `queue:${queue.id}`, name, queue: queue.deleted === null ? queue.id : null };
}
