// What is read for somebody is what they may read, by whatever name it is called.
import { eq } from "drizzle-orm";
import { type DatasetRef, isOpen, requireOpen } from "../access/dataset-roles";
import { appDb } from "../db/client";
import { snapshots } from "../db/tables/training-sets";
import { annotatedNow, labelledAs } from "./data-files";
import { labelledNamed } from "./labelled/labelled-name";

/** What `queue:ID`, `snapshot:ID`, `labelled:ID` with or without a version, or `dataset:NAME` is made of; none of a file. */
function datasetsOf(source: string): DatasetRef[] {
  const labelled = labelledNamed(labelledAs(source) ?? source);
  const [, queue] = /^queue:(\d+)$/.exec(source) ?? [];
  const [, snapshot] = /^snapshot:(\d+)$/.exec(source) ?? [];
  const frozen =
    snapshot === undefined
      ? undefined
      : appDb()
          .select()
          .from(snapshots)
          .where(eq(snapshots.id, Number(snapshot)))
          .get();
  const annotated = [
    ...(queue === undefined ? [] : [Number(queue)]),
    ...(frozen ? [frozen.queueId] : []),
    ...annotatedNow(source),
  ];
  return [
    ...(labelled ? [{ kind: "labelled", id: labelled.id } as const] : []),
    ...annotated.map((id) => ({ kind: "annotate", id }) as const),
  ];
}

/** Throws a 404 where a part of it is not theirs. */
export function requireReadable(source: string): void {
  for (const dataset of datasetsOf(source)) requireOpen(dataset, "read");
}

export const isReadable = (source: string): boolean => datasetsOf(source).every((dataset) => isOpen(dataset, "read"));
