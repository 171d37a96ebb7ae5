// A version that grows by batches of records, each in a transaction of its own: nobody waits long for the database, and a version that is cut
// short holds what was done by then, and can be undone like any other.
import { and, eq, sql } from "drizzle-orm";
import { turns } from "../../../common/turns";
import { AppError } from "../../../spec/errors";
import { type RowChangeInput, whyOf } from "../../data-checks/changes-schema";
import { retryOnBusyAsync } from "../../db/busy";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { recordChanges } from "../../db/tables/record-changes";
import type { Watch } from "../../watch";
import { isIncluded } from "../judging/overlap";
import { newestNumber } from "./record-versions";

/** Records that are changed in one transaction. */
export const atOnce = 100;

export interface Batch {
  /** How many records are looked at. */
  of: number;
  /** Within a transaction, under the version's number: how many changed, and how many more are included than before. */
  write: (number: number) => { changed: number; included: number };
}

interface Growing {
  number: number | null;
  changed: number;
  rows: number | null;
}

/** No version where nothing changes. */
export async function storeVersion(
  queueId: number,
  change: RowChangeInput,
  { annotatorId, now: createdAt }: { annotatorId: number; now: number },
  { total, batches }: { total: number; batches: AsyncIterable<Batch> },
  { says, cancelled }: Watch,
): Promise<{ number: number | null; changed: number }> {
  const { action } = change;
  const grown = (before: Growing, { write }: Batch): Growing =>
    appDb().transaction(
      (tx) => {
        const known = before.rows ?? includedIn(queueId);
        const number = before.number ?? newestNumber(queueId) + 1;
        const { changed: more, included } = write(number);
        if (more === 0) return before;
        const [changed, rows] = [before.changed + more, known + included];
        tx.insert(recordChanges)
          .values({ queueId, number, action, ...whyOf(change), annotatorId, changed, rows, createdAt })
          .onConflictDoUpdate({ target: [recordChanges.queueId, recordChanges.number], set: { changed, rows } })
          .run();
        return { number, changed, rows };
      },
      { behavior: "immediate" },
    );
  let version: Growing = { number: null, changed: 0, rows: null };
  let looked = 0;
  const turn = turns();
  for await (const batch of batches) {
    await turn();
    version = await retryOnBusyAsync(() => grown(version, batch));
    looked += batch.of;
    says?.(`${looked} of ${total} records`);
    if (cancelled?.aborted) throw cutShort(version, total);
  }
  return version;
}

const cutShort = ({ number, changed }: Growing, total: number) =>
  new AppError(
    409,
    number === null
      ? "Cancelled before any record was changed."
      : `Cancelled: ${changed} of ${total} records are changed; undo version ${number} to restore them.`,
  );

/** Records that are not excluded. */
const includedIn = (queueId: number): number =>
  appDb()
    .select({ rows: sql<number>`count(*)` })
    .from(items)
    .where(and(eq(items.queueId, queueId), eq(items.place, 0), isIncluded))
    .get()!.rows;
