// What versions made of rows. A row that no version names is as it was imported.
import { and, asc, eq, gt, isNotNull, sql } from "drizzle-orm";
import { appDb } from "../../../db/client";
import { labelledChanges } from "../../../db/tables/training-sets";

export interface RowState {
  excluded: boolean;
  /** As JSON; null where it is the import's. */
  record: string | null;
}
export const asImported: RowState = { excluded: false, record: null };

interface ChangedRow extends RowState {
  row: number;
  /** The version that made it so. */
  number: number;
}

const changedAt = (setId: number, version: number) =>
  and(
    eq(labelledChanges.setId, setId),
    sql`${labelledChanges.number} = (SELECT max(c.number) FROM labelled_changes c
      WHERE c.set_id = ${setId} AND c.row = ${labelledChanges.row} AND c.number <= ${version})`,
  );

/** Rows that are read together: a version may have changed a million. */
const atOnce = 5000;

/** All that differ from the import or once did, as version `version` has them, by their lines. */
export const changedRows = (setId: number, version: number) => rowsChangedBetween(setId, 1, version);

/** Those that versions after `before` changed. */
export function* rowsChangedBetween(setId: number, before: number, version: number): Generator<ChangedRow> {
  let after = 0;
  let batch: ChangedRow[];
  do {
    batch = appDb()
      .select()
      .from(labelledChanges)
      .where(and(changedAt(setId, version), gt(labelledChanges.number, before), gt(labelledChanges.row, after)))
      .orderBy(asc(labelledChanges.row))
      .limit(atOnce)
      .all();
    yield* batch;
    after = batch.at(-1)?.row ?? after;
  } while (batch.length === atOnce);
}

/** Those of `rows` that some version up to this one names. */
export const statesOf = (setId: number, version: number, rows: number[]): Map<number, ChangedRow> =>
  new Map(
    appDb()
      .select()
      .from(labelledChanges)
      .where(
        and(
          changedAt(setId, version),
          sql`${labelledChanges.row} IN (SELECT value FROM json_each(${JSON.stringify(rows)}))`,
        ),
      )
      .all()
      .map((state) => [state.row, state]),
  );

/** Lines of rows that differ from the import, or are excluded. */
export const rowsThatAre = (setId: number, version: number, what: "changed" | "excluded"): number[] =>
  appDb()
    .select({ row: labelledChanges.row })
    .from(labelledChanges)
    .where(
      and(
        changedAt(setId, version),
        what === "excluded" ? eq(labelledChanges.excluded, true) : sql`${labelledChanges.record} IS NOT NULL`,
      ),
    )
    .orderBy(asc(labelledChanges.row))
    .all()
    .map(({ row }) => row);

/** Rows whose texts later versions changed. */
export const rowsChangedSince = (setId: number, version: number): number[] =>
  appDb()
    .selectDistinct({ row: labelledChanges.row })
    .from(labelledChanges)
    .where(
      and(eq(labelledChanges.setId, setId), gt(labelledChanges.number, version), isNotNull(labelledChanges.record)),
    )
    .all()
    .map(({ row }) => row);

/** The versions that did something to a row. */
export const versionsOfRow = (setId: number, row: number): number[] =>
  appDb()
    .select({ number: labelledChanges.number })
    .from(labelledChanges)
    .where(and(eq(labelledChanges.setId, setId), eq(labelledChanges.row, row)))
    .all()
    .map(({ number }) => number);
