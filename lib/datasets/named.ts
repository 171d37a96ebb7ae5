// Which datasets a source names: before anything of them is read, frozen or written.
import { and, eq, isNull } from "drizzle-orm";
import type { DatasetRef } from "../access/dataset-roles";
import { appDb } from "../db/client";
import { type Queue, queues } from "../db/tables/queues";
import { type LabelledSet, labelledSets, snapshots } from "../db/tables/training-sets";
import { labelledNamed } from "./labelled/labelled-name";

/**
 * Every dataset that a source can name: `queue:ID`, `snapshot:ID`, `labelled:ID` with or without a version, `dataset:NAME`, or
 * `dataset:NAME@VERSION`, which may be a name with an @ in it. None where it is a file.
 */
export function datasetsOf(source: string): DatasetRef[] {
  if (source.startsWith("dataset:")) return namesIn(source).flatMap(called);
  const labelled = labelledNamed(source);
  if (labelled) return [{ kind: "labelled", id: labelled.id }];
  const [, queue] = /^queue:(\d+)$/.exec(source) ?? [];
  if (queue !== undefined) return [{ kind: "annotate", id: Number(queue) }];
  const [, snapshot] = /^snapshot:(\d+)$/.exec(source) ?? [];
  return snapshot === undefined ? [] : frozenFrom(Number(snapshot));
}

/** The whole name after `dataset:`, and what stands before its last @. */
function namesIn(source: string): string[] {
  const text = source.slice("dataset:".length);
  const at = text.lastIndexOf("@");
  return at > 0 ? [text, text.slice(0, at)] : [text];
}

const called = (name: string): DatasetRef[] => [
  ...labelledCalled(name).map(({ id }) => ({ kind: "labelled", id }) as const),
  ...annotatedCalled(name).map(({ id }) => ({ kind: "annotate", id }) as const),
];

const frozenFrom = (snapshot: number): DatasetRef[] =>
  appDb()
    .select({ id: snapshots.queueId })
    .from(snapshots)
    .where(eq(snapshots.id, snapshot))
    .all()
    .map(({ id }) => ({ kind: "annotate", id }));

export const labelledCalled = (name: string): LabelledSet[] =>
  appDb()
    .select()
    .from(labelledSets)
    .where(and(eq(labelledSets.name, name), isNull(labelledSets.deletedAt)))
    .all();

export const annotatedCalled = (name: string): Queue[] =>
  appDb()
    .select()
    .from(queues)
    .where(and(eq(queues.name, name), isNull(queues.deletedAt)))
    .all();
