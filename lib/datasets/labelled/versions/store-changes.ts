// A version of a labelled dataset while it is made: its rows are written batch by batch under a number that nobody reads until the version
// itself is there, which is the last that is written. What a process that ended left of one goes before the next.
import { and, desc, eq, gt } from "drizzle-orm";
import { AppError } from "../../../../spec/errors";
import { type RowChangeInput, whyOf } from "../../../data-checks/changes-schema";
import { retryOnBusyAsync } from "../../../db/busy";
import { appDb } from "../../../db/client";
import { labelledChanges, labelledVersions } from "../../../db/tables/training-sets";
import type { RowState } from "./row-states";
import type { Version } from "./versions";

export interface Changed extends RowState {
  row: number;
}

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { setsBeingChanged?: Set<number> };

/** Only one at a time makes versions of a dataset. */
export async function alone<Result>(setId: number, work: () => Promise<Result>): Promise<Result> {
  shared.setsBeingChanged ??= new Set();
  const changing = shared.setsBeingChanged;
  if (changing.has(setId))
    throw new AppError(
      409,
      "Rows of this dataset are being changed; wait until that is done, or cancel it in the jobs menu.",
    );
  changing.add(setId);
  try {
    return await work();
  } finally {
    changing.delete(setId);
  }
}

/** Those of a version that was not finished. */
export const dropUnfinished = (setId: number, newest: number): Promise<unknown> =>
  retryOnBusyAsync(() =>
    appDb()
      .delete(labelledChanges)
      .where(and(eq(labelledChanges.setId, setId), gt(labelledChanges.number, newest)))
      .run(),
  );

export const storeRows = (setId: number, number: number, changed: Changed[]): Promise<unknown> =>
  retryOnBusyAsync(() =>
    changed.length === 0
      ? null
      : appDb()
          .insert(labelledChanges)
          .values(changed.map((one) => ({ setId, number, ...one })))
          .run(),
  );

export const storeVersion = (
  setId: number,
  { number, ...counts }: Version,
  changed: number,
  change: RowChangeInput,
  annotatorId: number,
  createdAt: number,
): Promise<unknown> =>
  retryOnBusyAsync(() =>
    appDb().transaction(
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
        tx.insert(labelledVersions)
          .values({ setId, number, action, ...whyOf(change), annotatorId, changed, ...counts, createdAt })
          .run();
      },
      { behavior: "immediate" },
    ),
  );
