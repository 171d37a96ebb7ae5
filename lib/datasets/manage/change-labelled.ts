// Renaming, archiving and copying of labelled datasets. Their rows are a file that never changes, which copies share until rows change.
import { basename } from "node:path";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "../../../spec/errors";
import { copyRoles } from "../../access/dataset-roles";
import { datasetName } from "../../annotation/queues/queue-schema";
import { retryOnBusyAsync } from "../../db/busy";
import { appDb } from "../../db/client";
import { type LabelledSet, labelledSets } from "../../db/tables/training-sets";
import { keepProvenance, provenanceOf } from "../add/provenance";
import { copyName } from "../copy-name";
import { liveLabelledOf } from "../labelled/labelled-sets";
import { versionFile } from "../labelled/versions/version-file";
import { newestVersion } from "../labelled/versions/versions";
import { requireFreeLabelledName } from "./remove-dataset";

export const labelledChange = z
  .strictObject({ name: datasetName, archived: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "no setting to change");
export type LabelledChange = z.infer<typeof labelledChange>;

const live = (id: number) => and(eq(labelledSets.id, id), isNull(labelledSets.deletedAt));

export function changeLabelled(id: number, { name, archived }: LabelledChange, now: number): void {
  appDb().transaction((tx) => {
    if (name !== undefined) requireFreeLabelledName(name, id);
    const { changes } = tx
      .update(labelledSets)
      .set({
        ...(name !== undefined && { name }),
        ...(archived !== undefined && { archivedAt: archived ? now : null }),
      })
      .where(live(id))
      .run();
    if (changes === 0) throw new AppError(404, `There is no labelled dataset ${id}.`);
  });
}

/** A dataset of the rows that the newest version has. */
export async function duplicateLabelled(id: number, now: number): Promise<LabelledSet> {
  const original = liveLabelledOf(String(id));
  const { number, rows, pairs, imitated } = newestVersion(original);
  const file = await versionFile(original, number);
  const sha256 = basename(file, ".jsonl");
  const from = provenanceOf(original.sha256);
  if (from && sha256 !== original.sha256) keepProvenance(sha256, from);
  return retryOnBusyAsync(() => insertCopy(id, { sha256, rows, pairs, imitated }, now));
}

type Rows = Pick<LabelledSet, "sha256" | "rows" | "pairs" | "imitated">;

function insertCopy(id: number, newest: Rows, now: number): LabelledSet {
  return appDb().transaction((tx) => {
    const set = tx.select().from(labelledSets).where(live(id)).get();
    if (!set) throw new AppError(404, `There is no labelled dataset ${id}.`);
    const { id: _, archivedAt: _archived, ...same } = set;
    const names = new Set(
      tx
        .select({ name: labelledSets.name })
        .from(labelledSets)
        .where(isNull(labelledSets.deletedAt))
        .all()
        .map(({ name }) => name),
    );
    const values = { ...same, ...newest, name: copyName(set.name, (name) => names.has(name)), createdAt: now };
    const copy = tx.insert(labelledSets).values(values).returning().get();
    copyRoles({ kind: "labelled", id }, { kind: "labelled", id: copy.id });
    return copy;
  });
}
