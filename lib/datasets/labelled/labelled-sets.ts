// Files that came with their labels: frozen as they are and trained on at once. Nobody here judged them, so no vote is written.
// Unmarked: trainers and the command line read it in plain Node.
import { existsSync } from "node:fs";
import { and, asc, eq, isNull } from "drizzle-orm";
import { snapshotFile } from "../../../common/env";
import type { BadLine } from "../../../common/records/lines";
import { rowNumber } from "../../../common/row-number";
import { AppError } from "../../../spec/errors";
import { isOpen, noDataset, openDatasets } from "../../access/dataset-roles";
import { retryOnBusyAsync } from "../../db/busy";
import { appDb } from "../../db/client";
import { type LabelledSet, labelledSets } from "../../db/tables/training-sets";
import { requireUnchanged } from "../require-unchanged";
import { freeze, type Reading } from "./freeze";
import { labelledName } from "./labelled-name";
import type { LabelledReport } from "./labelled-schema";
import { newestVersion, requireVersion } from "./versions/versions";

/** Makes a labelled dataset of the good rows of one or many files and lists the others. The same rows under the same name again add nothing. */
export async function loadLabelled(
  name: string,
  files: string | string[],
  now: number,
  reading: Reading = {},
): Promise<LabelledReport> {
  const { bad, left, notes, holds, ...frozen } = await freeze([files].flat(), reading);
  if (holds === null) throw new AppError(400, nothingIn(bad));
  const stored = await retryOnBusyAsync(() => register({ name, holds, ...frozen, createdAt: now }));
  const { id, rows, pairs } = stored.set;
  return { id, name, holds, rows, pairs, known: !stored.fresh, bad, left, notes };
}

const nothingIn = ([first]: BadLine[]): string =>
  first
    ? `No line could be imported as labelled. Line ${first.line}: ${first.reason}.`
    : "The file is empty: it has no rows.";

/** A set never changes: runs name it. */
function register(wanted: typeof labelledSets.$inferInsert): { set: LabelledSet; fresh: boolean } {
  return appDb().transaction((tx) => {
    const known = bearerOf(wanted.name);
    if (!known) return { set: tx.insert(labelledSets).values(wanted).returning().get(), fresh: true };
    if (known.sha256 === wanted.sha256) return { set: known, fresh: false };
    throw new AppError(
      409,
      `There is a labelled dataset ${wanted.name} already, with other rows; give this one another name.`,
    );
  });
}

/** Whether a labelled dataset has the name, archived ones too; deleted ones have none. */
export const isLabelledName = (name: string): boolean => bearerOf(name) !== undefined;

const bearerOf = (name: string) =>
  appDb()
    .select()
    .from(labelledSets)
    .where(and(eq(labelledSets.name, name), isNull(labelledSets.deletedAt)))
    .get();

/** Those that are in use, and that whoever asks may read. */
export function listLabelled(): LabelledSet[] {
  const inUse = and(isNull(labelledSets.deletedAt), isNull(labelledSets.archivedAt));
  return openDatasets(
    "labelled",
    appDb().select().from(labelledSets).where(inUse).orderBy(asc(labelledSets.id)).all(),
    "read",
  );
}

export const knownLabelled = (id: number): LabelledSet | undefined =>
  appDb().select().from(labelledSets).where(eq(labelledSets.id, id)).get();

export function labelledSet(id: number): LabelledSet {
  const set = knownLabelled(id);
  if (!set || !isOpen({ kind: "labelled", id })) throw noDataset({ kind: "labelled", id });
  return set;
}

/** The labelled dataset of an address's part. */
export const labelledOf = (id: string): LabelledSet => labelledSet(rowNumber(id) ?? 0);

/** The same, unless it is deleted. */
export function liveLabelledOf(id: string): LabelledSet {
  const set = labelledOf(id);
  if (set.deletedAt !== null) throw new AppError(404, `There is no labelled dataset ${id}.`);
  return set;
}

/** As runs name what a dataset holds by now: the version is said unless it is the import. */
export function labelledNow(id: number): string {
  return labelledName(id, newestVersion(labelledSet(id)).number);
}

/** The file behind `labelled:ID`, the import, or `labelled:ID@VERSION`, which `versionFile` has written. */
export function labelledPath(id: number, version = 1): string {
  const set = labelledSet(id);
  const { name } = set;
  const { sha256 } = requireVersion(set, version);
  if (sha256 === null)
    throw new AppError(409, `Version ${version} of ${name} has just been made; start this again to use it.`);
  const file = snapshotFile(sha256);
  if (!existsSync(file)) throw new Error(`labelled dataset ${name} should be at ${file}, but is missing`);
  requireUnchanged(file, sha256, `labelled dataset ${name}`);
  return file;
}
