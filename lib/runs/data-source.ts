// What a run learns from, as people know it.
import "server-only";
import { eq } from "drizzle-orm";
import { sourcesOf, type TrainData } from "../../spec/fields/data-sources";
import { labelledName, labelledNamed } from "../datasets/labelled/labelled-name";
import { storedVersion } from "../datasets/labelled/versions/versions";
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
  /** Of its rows as they were stored; null where they are a file whose hash nobody has kept. */
  sha256: string | null;
}

/** All sets that a run trains on, mixed by weight; null where there are none. */
export function dataName(train: TrainData | null): string | null {
  const sources = sourcesOf(train);
  const names = sources.map(({ source, weight }) => {
    const name = sourceOf(source)?.name ?? source;
    return weight === 1 ? name : `${weight} × ${name}`;
  });
  return names.length === 0 ? null : names.join(" + ");
}

/** The page of the dataset that a run trains on; null where it has none, or there are several. */
export function dataPage(train: TrainData | null): number | null {
  const [first, ...others] = sourcesOf(train);
  return first && others.length === 0 ? (sourceOf(first.source)?.queue ?? null) : null;
}

/** One of a run file's sets. Null for files that are not the workbench's own. */
export function sourceOf(train: string): Source | null {
  const sample = sampleSets.find(({ path }) => path === train);
  if (sample) return { set: `sample:${sample.id}`, name: sample.name, queue: null, sha256: null };
  const named = labelledNamed(train);
  const labelled = named && appDb().select().from(labelledSets).where(eq(labelledSets.id, named.id)).get();
  if (labelled) {
    const version = named.version ?? 1;
    const as = version === 1 ? "as imported" : `version ${version}`;
    const stored = version === 1 ? labelled : storedVersion(labelled.id, version);
    return {
      set: labelledName(labelled.id, 1),
      name: `${labelled.name}, ${as}`,
      queue: null,
      sha256: stored?.sha256 ?? null,
    };
  }
  const snapshot = Number(/^snapshot:(\d+)$/.exec(train)?.[1]);
  const queue = appDb()
    .select({
      id: queues.id,
      name: queues.name,
      deleted: queues.deletedAt,
      at: snapshots.createdAt,
      sha256: snapshots.sha256,
    })
    .from(snapshots)
    .innerJoin(queues, eq(queues.id, snapshots.queueId))
    .where(eq(snapshots.id, snapshot))
    .get();
  if (!queue) return null;
  const day = new Date(queue.at).toLocaleDateString("en-GB");
  const name = `${queue.name}, as of ${day}${queue.deleted === null ? "" : " (deleted since)"}`;
  return { set: `queue:${queue.id}`, name, queue: queue.deleted === null ? queue.id : null, sha256: queue.sha256 };
}
