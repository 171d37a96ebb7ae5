// What a run learns from, as people know it.
import "server-only";
import { eq } from "drizzle-orm";
import { listLabelled } from "../datasets/labelled/labelled-sets";
import { sampleSets } from "../datasets/sample-sets";
import { appDb } from "../db/client";
import { queues } from "../db/tables/queues";
import { snapshots } from "../db/tables/training-sets";

interface Source {
  /** As the launch form's list has it. */
  set: string;
  name: string;
  queue: number | null;
}

/** Of a run file's `data.train`. Null for files that are not the workbench's own. */
export function sourceOf(train: string | null): Source | null {
  const sample = sampleSets.find(({ path }) => path === train);
  if (sample) return { set: `sample:${sample.id}`, name: sample.name, queue: null };
  const labelled = listLabelled().find(({ id }) => train === `labelled:${id}`);
  if (labelled) return { set: train!, name: `${labelled.name}, as imported`, queue: null };
  const snapshot = Number(/^snapshot:(\d+)$/.exec(train ?? "")?.[1]);
  const queue = appDb()
    .select({ id: queues.id, name: queues.name, at: snapshots.createdAt })
    .from(snapshots)
    .innerJoin(queues, eq(queues.id, snapshots.queueId))
    .where(eq(snapshots.id, snapshot))
    .get();
  if (!queue) return null;
  const day = new Date(queue.at).toLocaleDateString("en-GB");
  return { set: `queue:${queue.id}`, name: `${queue.name}, as of ${day}`, queue: queue.id };
}
