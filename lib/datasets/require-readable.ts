// What is read for somebody is what they may read, by whatever name it is called.
import { eq } from "drizzle-orm";
import { requireOpen } from "../access/dataset-roles";
import { appDb } from "../db/client";
import { snapshots } from "../db/tables/training-sets";
import { annotatedNow, labelledAs } from "./data-files";
import { labelledNamed } from "./labelled/labelled-name";

/** `queue:ID`, `snapshot:ID`, `labelled:ID` with or without a version, `dataset:NAME`; all else is a file. Throws a 404 where it is not theirs. */
export function requireReadable(source: string): void {
  const labelled = labelledNamed(labelledAs(source) ?? source);
  if (labelled) requireOpen({ kind: "labelled", id: labelled.id }, "read");
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
  const ids = [
    ...(queue === undefined ? [] : [Number(queue)]),
    ...(frozen ? [frozen.queueId] : []),
    ...annotatedNow(source),
  ];
  for (const id of ids) requireOpen({ kind: "annotate", id }, "read");
}
