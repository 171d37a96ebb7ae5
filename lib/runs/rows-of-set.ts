// The rows of a dataset that somebody chose, by the name under which they stay the same.
import { AppError } from "../../spec/errors";
import { requireOpen } from "../access/dataset-roles";
import { labelledNow } from "../datasets/labelled/labelled-sets";
import { sampleSets } from "../datasets/sample-sets";
import { type Freezer, nothingFrozen, type ReadsRows, rowsFor, rowsIn } from "../datasets/snapshots/freezer";
import type { ChosenSet } from "./chosen-sets";

/** What `dataFile` finds. */
export function rowsOfSet(set: ChosenSet, config: ReadsRows, freeze: Freezer): string {
  if (set.kind === "sample") {
    const found = sampleSets.find(({ id }) => id === set.id);
    if (!found) throw new AppError(400, `There is no sample dataset ${set.id}.`);
    return found.path;
  }
  requireOpenSet(set);
  if (set.kind === "labelled") return labelledNow(set.id);
  const rows = rowsIn(set.id, rowsFor(set.kind, config));
  const snapshot = freeze(set.id, rows);
  if (!snapshot) throw new AppError(400, `This dataset ${nothingFrozen(rows)}.`);
  return `snapshot:${snapshot.id}`;
}

/** Throws a 404 where it is not theirs. */
export function requireOpenSet(set: ChosenSet): void {
  if (set.kind !== "sample")
    requireOpen({ kind: set.kind === "labelled" ? "labelled" : "annotate", id: set.id }, "read");
}
