// A row of a labelled dataset by itself, with its history.
import { readRow } from "../../../../common/rows/formats";
import { AppError } from "../../../../spec/errors";
import type { RowDetail } from "../../../data-checks/changes-schema";
import { findingsOf } from "../../../data-checks/kept-findings";
import { textsIn } from "../../../data-checks/row-texts-at";
import type { LabelledSet } from "../../../db/tables/training-sets";
import { versionsOfRow } from "./row-states";
import { rowsAt } from "./version-rows";
import { listVersions, newestVersion } from "./versions";

export function detailOf(set: LabelledSet, id: number): RowDetail {
  const [row] = rowsAt(set, newestVersion(set).number, [id]);
  if (!row) throw new AppError(404, `${set.name} has no row ${id}; it has ${set.rows}.`);
  const record: unknown = JSON.parse(row.line);
  const unused = new Set(readRow(record).unused);
  const numbers = new Set(versionsOfRow(set.id, id));
  const history = listVersions(set.id).filter(({ number }) => numbers.has(number));
  return {
    id,
    excluded: row.excluded,
    changed: row.record !== null,
    record: JSON.stringify(record, null, 2),
    texts: textsIn(record).map((one) => (unused.has(String(one.at[0])) ? { ...one, unused: true } : one)),
    history,
    findings: findingsOf({ kind: "labelled", id: set.id }, id, history),
  };
}
