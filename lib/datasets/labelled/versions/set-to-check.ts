import type { RowsToCheck } from "../../../data-checks/check-dataset";
import type { LabelledSet } from "../../../db/tables/training-sets";
import { rowsChangedSince } from "./row-states";
import { versionRows } from "./version-rows";
import { newestVersion } from "./versions";

/** The newest version of a labelled dataset, as the data checks read it. */
export function setToCheck(set: LabelledSet): RowsToCheck {
  const { number, rows } = newestVersion(set);
  const about = { kind: "labelled", id: set.id, version: number, total: rows, calls: "line" } as const;
  const changedSince = () => rowsChangedSince(set.id, number);
  return { ...about, rows: rowsOf(set, number), beside: () => [], changedSince };
}

/** Rows with their lines in the import, so that findings name those. */
async function* rowsOf(set: LabelledSet, version: number): AsyncGenerator<{ id: number; value: unknown }> {
  for await (const { id, line } of versionRows(set, version)) yield { id, value: JSON.parse(line) as unknown };
}
