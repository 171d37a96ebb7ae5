// What people do to rows of a labelled dataset on the advice of its data checks or of their own accord: leave out, take in again, mask, mend,
// and take back what was done. Each time that is a version of its own, with who and why.
import { and, eq } from "drizzle-orm";
import { turns } from "../../../../common/turns";
import { AppError } from "../../../../spec/errors";
import type { RowChangeInput, RowsChanged } from "../../../data-checks/changes-schema";
import { rowsFound, withdrawFindings } from "../../../data-checks/kept-findings";
import { maskedRecord } from "../../../data-checks/mask-row";
import { withText } from "../../../data-checks/row-texts-at";
import { appDb } from "../../../db/client";
import { type LabelledSet, labelledChanges } from "../../../db/tables/training-sets";
import type { Watch } from "../../../watch";
import { readLabelled, unlike } from "../labelled-rows";
import { followTexts } from "./changed-texts";
import { asImported, type RowState, statesOf } from "./row-states";
import { alone, type Changed, dropUnfinished, storeRows, storeVersion } from "./store-changes";
import { rowsAt, type VersionRow } from "./version-rows";
import { newestVersion, storedVersion, type Version } from "./versions";

/** Rows that are looked at, and written, together. */
const atOnce = 500;

/** Of a dataset that is indexed. Rows that are so already are left alone; where all are, or it is cancelled, there is no new version. */
export const changeRows = (
  set: LabelledSet,
  change: RowChangeInput,
  annotatorId: number,
  now: number,
  watch: Watch = {},
): Promise<RowsChanged> =>
  alone(set.id, async () => {
    const before = newestVersion(set);
    await dropUnfinished(set.id, before.number);
    try {
      return await newVersion(set, change, before, { annotatorId, now }, watch);
    } catch (error) {
      await dropUnfinished(set.id, newestVersion(set).number);
      throw error;
    }
  });

async function newVersion(
  set: LabelledSet,
  change: RowChangeInput,
  before: Version,
  { annotatorId, now }: { annotatorId: number; now: number },
  { says, cancelled }: Watch,
): Promise<RowsChanged> {
  const total = { number: before.number + 1, rows: before.rows, pairs: before.pairs, imitated: before.imitated };
  const refused: RowsChanged["refused"] = [];
  const ids = change.action === "undo" ? rowsOf(set, change.version) : idsOf(set, change);
  const turn = turns();
  const done: number[] = [];
  let own = 0;
  for (let from = 0; from < ids.length; from += atOnce) {
    const batch = ids.slice(from, from + atOnce);
    const wanted = change.action === "undo" ? undone(set, change.version, before, batch) : null;
    own += wanted?.size ?? 0;
    const changed: Changed[] = [];
    for (const row of rowsAt(set, before.number, wanted ? [...wanted.keys()] : batch)) {
      await turn();
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
    await storeRows(set.id, total.number, changed);
    done.push(...changed.map(({ row }) => row));
    says?.(`${Math.min(from + atOnce, ids.length)} of ${ids.length} rows`);
    if (cancelled?.aborted) throw new AppError(409, "Cancelled: no row is changed.");
  }
  if (change.action === "edit" && refused[0]) throw new AppError(400, `Row ${change.row} ${refused[0].reason}.`);
  if (change.action === "undo" && own === 0)
    throw new AppError(409, `Version ${change.version} is undone already, or later versions changed its rows again.`);
  if (total.rows === 0 && done.length > 0)
    throw new AppError(400, "Nothing would be left: a dataset has at least one row.");
  if (done.length === 0) return { number: null, changed: 0, refused };
  if (change.action === "mask" || change.action === "edit") withdrawFindings({ kind: "labelled", id: set.id }, done);
  await storeVersion(set.id, total, done.length, change, annotatorId, now);
  await followTexts(set.id, total.number, says ? { says } : {});
  return { number: total.number, changed: done.length, refused };
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

function rowsOf(set: LabelledSet, number: number): number[] {
  if (!storedVersion(set.id, number)) throw new AppError(404, `${set.name} has no version ${number} to undo.`);
  return appDb()
    .select({ row: labelledChanges.row })
    .from(labelledChanges)
    .where(and(eq(labelledChanges.setId, set.id), eq(labelledChanges.number, number)))
    .all()
    .map(({ row }) => row);
}

/** What rows of a version were before it. Those that a later one has changed are left as they are. */
function undone(set: LabelledSet, number: number, newest: Version, rows: number[]): Map<number, RowState> {
  const [now, before] = [statesOf(set.id, newest.number, rows), statesOf(set.id, number - 1, rows)];
  const own = rows.filter((row) => now.get(row)?.number === number);
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
