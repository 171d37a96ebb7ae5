// The rows of a version, one after the other or some by their lines: those of the import, with what was made of them since.
import { closeSync, openSync, readSync } from "node:fs";
import { snapshotFile } from "../../../../common/env";
import type { LabelledSet } from "../../../db/tables/training-sets";
import { linesIn } from "../lines-in";
import { withIndex } from "../row-index";
import { asImported, changedRows, type RowState, statesOf } from "./row-states";

export interface VersionRow extends RowState {
  /** Its line in the import. */
  id: number;
  /** As JSON, as the version has it. */
  line: string;
}

/** All rows that are in the version. */
export async function* versionRows({ id: setId, sha256 }: LabelledSet, version: number): AsyncGenerator<VersionRow> {
  const changes = changedRows(setId, version);
  let next = changes.next();
  let id = 0;
  for await (const { line } of linesIn(snapshotFile(sha256))) {
    id++;
    const state = !next.done && next.value.row === id ? next.value : asImported;
    if (state !== asImported) next = changes.next();
    if (!state.excluded) yield { ...state, id, line: state.record ?? line.toString("utf8") };
  }
}

/** Rows by their lines, excluded ones as well; of a dataset that is indexed. */
export function rowsAt(set: LabelledSet, version: number, ids: number[]): VersionRow[] {
  const states = statesOf(set.id, version, ids);
  const places = withIndex(set.sha256, (index) =>
    index
      .prepare("SELECT id, at, bytes FROM rows WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id")
      .all(JSON.stringify(ids)),
  ) as { id: number; at: number; bytes: number }[];
  const file = openSync(snapshotFile(set.sha256), "r");
  try {
    return places.map(({ id, at, bytes }) => {
      const { excluded, record } = states.get(id) ?? asImported;
      if (record !== null) return { id, excluded, record, line: record };
      const line = Buffer.alloc(bytes);
      readSync(file, line, 0, bytes, at);
      return { id, excluded, record, line: line.toString("utf8") };
    });
  } finally {
    closeSync(file);
  }
}
