// The versions of a labelled dataset: the import is the first, and whatever somebody does to its rows makes another one.
import { and, desc, eq } from "drizzle-orm";
import { AppError } from "../../../../spec/errors";
import type { VersionDto } from "../../../data-checks/changes-schema";
import { appDb } from "../../../db/client";
import { type LabelledSet, type LabelledVersion, labelledVersions } from "../../../db/tables/training-sets";
import { annotatorNames } from "../../../people/annotator-names";

/** A dataset as one of its versions has it. */
export interface Version {
  number: number;
  rows: number;
  /** As of the dataset's row. */
  pairs: number;
  imitated: number;
}

const imported = ({ rows, pairs, imitated }: LabelledSet): Version => ({
  ...{ number: 1, rows, pairs },
  imitated: imitated ?? rows,
});

const all = (setId: number): LabelledVersion[] =>
  appDb()
    .select()
    .from(labelledVersions)
    .where(eq(labelledVersions.setId, setId))
    .orderBy(desc(labelledVersions.number))
    .all();

export function newestVersion(set: LabelledSet): Version {
  const [newest] = appDb()
    .select()
    .from(labelledVersions)
    .where(eq(labelledVersions.setId, set.id))
    .orderBy(desc(labelledVersions.number))
    .limit(1)
    .all();
  return newest ?? imported(set);
}

/** Throws where there is no such version, with those that there are. */
export function requireVersion(set: LabelledSet, number: number): Version & { sha256: string | null } {
  if (number === 1) return { ...imported(set), sha256: set.sha256 };
  const known = storedVersion(set.id, number);
  if (known) return known;
  throw new AppError(400, `${set.name} has no version ${number}; its newest is ${newestVersion(set).number}.`);
}

export const storedVersion = (setId: number, number: number): LabelledVersion | undefined =>
  appDb()
    .select()
    .from(labelledVersions)
    .where(and(eq(labelledVersions.setId, setId), eq(labelledVersions.number, number)))
    .get();

/** Newest first, without the import. */
export function listVersions(setId: number): VersionDto[] {
  const names = annotatorNames();
  return all(setId).map(({ number, action, undoes, reason, annotatorId, changed, rows, createdAt }) => ({
    ...{ number, action, undoes, reason, changed, rows },
    who: names.get(annotatorId)!,
    at: createdAt,
  }));
}
