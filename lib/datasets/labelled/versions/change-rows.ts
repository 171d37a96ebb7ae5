// What people do to rows of a labelled dataset on the advice of its data checks or of their own accord: leave out, take in again, mask, mend,
// and take back what was done. Each time that is a version of its own, with who and why.
import { and, desc, eq } from "drizzle-orm";
import { turns } from "../../../../common/turns";
import { AppError } from "../../../../spec/errors";
import type { RowChangeInput, RowsChanged } from "../../../data-checks/changes-schema";
import { rowsFound } from "../../../data-checks/kept-findings";
import { maskedRecord } from "../../../data-checks/mask-row";
import { withText } from "../../../data-checks/row-texts-at";
import { retryOnBusyAsync } from "../../../db/busy";
import { appDb } from "../../../db/client";
import { type LabelledSet, labelledChanges, labelledVersions } from "../../../db/tables/training-sets";
import { readLabelled, unlike } from "../labelled-rows";
import { asImported, type RowState, statesOf } from "./row-states";
import { rowsAt, type VersionRow } from "./version-rows";
import { newestVersion, storedVersion, type Version } from "./versions";

interface Changed extends RowState {
  row: number;
}

/** Rows that are looked at together. */
const atOnce = 1000;

/** Of a dataset that is indexed. Rows that are so already are left alone; where all are, there is no new version. */
export async function changeRows(
  set: LabelledSet,
  change: RowChangeInput,
  annotatorId: number,
  now: number,
): Promise<RowsChanged> {
  const before = newestVersion(set);
  const total = { ...before };
  const [changed, refused]: [Changed[], RowsChanged["refused"]] = [[], []];
  const wanted = change.action === "undo" ? undone(set, change.version, before) : null;
  const ids = change.action === "undo" ? [...wanted!.keys()] : idsOf(set, change);
  const turn = turns();
  for (let from = 0; from < ids.length; from += atOnce) {
    await turn();
    for (const row of rowsAt(set, before.number, ids.slice(from, from + atOnce))) {
      try {
        const next = wanted ? wanted.get(row.id)! : nextState(row, change, set);
        if (next.excluded === row.excluded && next.record === row.record) continue;
        const [was, is] = [counted(row.line, row), counted(lineOf(set, row, next), next)];
        total.rows += is.rows - was.rows;
        total.pairs += is.pairs - was.pairs;
        total.imitated += is.imitated - was.imitated;
        changed.push({ row: row.id, excluded: next.excluded, record: next.record });
      } catch (error) {
        refused.push({ row: row.id, reason: (error as Error).message });
      }
    }
  }
  if (change.action === "edit" && refused[0]) throw new AppError(400, `Row ${change.row} ${refused[0].reason}.`);
  if (total.rows === 0 && changed.length > 0)
    throw new AppError(400, "Nothing would be left: a dataset has at least one row.");
  if (changed.length === 0) return { number: null, changed: 0, refused };
  const number = await retryOnBusyAsync(() =>
    store(set, { ...total, number: before.number + 1 }, changed, change, annotatorId, now),
  );
  return { number, changed: changed.length, refused };
}

function idsOf(set: LabelledSet, change: Exclude<RowChangeInput, { action: "undo" }>): number[] {
  const ids = change.action === "edit" ? [change.row] : idsIn(set, change.of);
  if (ids.length === 0) throw new AppError(404, `No row of ${set.name} was found by this check; run the checks again.`);
  const beyond = ids.find((id) => id > set.rows);
  if (beyond !== undefined) throw new AppError(404, `${set.name} has no row ${beyond}; it has ${set.rows}.`);
  return ids;
}

const idsIn = (set: LabelledSet, of: { check: string } | { rows: number[] }): number[] =>
  "check" in of ? rowsFound({ kind: "labelled", id: set.id }, of.check) : [...new Set(of.rows)].sort((a, b) => a - b);

function maskedLine(line: string): string | null {
  const masked = maskedRecord(JSON.parse(line));
  return masked === null ? null : JSON.stringify(masked);
}

function nextState(row: VersionRow, change: RowChangeInput, set: LabelledSet): RowState {
  const { record, line } = row;
  switch (change.action) {
    case "exclude":
      return { excluded: true, record };
    case "include":
      return { excluded: false, record };
    case "mask":
      return { excluded: row.excluded, record: maskedLine(line) ?? record };
    case "edit": {
      let edited: unknown = JSON.parse(line);
      for (const { at, text } of change.texts) edited = withText(edited, at, text);
      const read = readLabelled(edited, null);
      const wrong = unlike(read, set.holds);
      if (wrong) throw wrong;
      const made = JSON.stringify(edited);
      return { excluded: row.excluded, record: made === JSON.stringify(JSON.parse(line)) ? record : made };
    }
    default:
      throw new Error("an undo names the rows itself");
  }
}

/** What the rows of a version were before it. Rows that a later one has changed are left as they are. */
function undone(set: LabelledSet, number: number, newest: Version): Map<number, RowState> {
  if (!storedVersion(set.id, number)) throw new AppError(404, `${set.name} has no version ${number} to undo.`);
  const here = and(eq(labelledChanges.setId, set.id), eq(labelledChanges.number, number));
  const rows = appDb()
    .select({ row: labelledChanges.row })
    .from(labelledChanges)
    .where(here)
    .all()
    .map(({ row }) => row);
  const [now, before] = [statesOf(set.id, newest.number, rows), statesOf(set.id, number - 1, rows)];
  const own = rows.filter((row) => now.get(row)?.number === number);
  if (own.length === 0)
    throw new AppError(409, `Version ${number} is undone already, or later versions changed its rows again.`);
  return new Map(own.map((row) => [row, before.get(row) ?? asImported]));
}

/** A row whose text is the import's again is read from there. */
const lineOf = (set: LabelledSet, { id, line, record }: VersionRow, next: RowState): string =>
  next.record ?? (record === null ? line : rowsAt(set, 1, [id])[0]!.line);

function counted(line: string, { excluded }: RowState): { rows: number; pairs: number; imitated: number } {
  if (excluded) return { rows: 0, pairs: 0, imitated: 0 };
  const { pairs, imitated } = readLabelled(JSON.parse(line), null);
  return { rows: 1, pairs, imitated: imitated ? 1 : 0 };
}

function store(
  { id: setId }: LabelledSet,
  { number, rows, pairs, imitated }: Version,
  changed: Changed[],
  change: RowChangeInput,
  annotatorId: number,
  now: number,
): number {
  return appDb().transaction(
    (tx) => {
      const [newest] = tx
        .select()
        .from(labelledVersions)
        .where(eq(labelledVersions.setId, setId))
        .orderBy(desc(labelledVersions.number))
        .limit(1)
        .all();
      if ((newest?.number ?? 1) !== number - 1)
        throw new AppError(409, "Somebody else has just changed rows of this dataset; look at them and try again.");
      const { action } = change;
      const said =
        action === "undo"
          ? { reason: `version ${change.version} undone`, undoes: change.version }
          : { reason: change.reason };
      tx.insert(labelledVersions)
        .values({
          setId,
          number,
          action,
          ...said,
          annotatorId,
          changed: changed.length,
          rows,
          pairs,
          imitated,
          createdAt: now,
        })
        .run();
      for (let from = 0; from < changed.length; from += atOnce)
        tx.insert(labelledChanges)
          .values(changed.slice(from, from + atOnce).map((one) => ({ setId, number, ...one })))
          .run();
      return number;
    },
    { behavior: "immediate" },
  );
}
