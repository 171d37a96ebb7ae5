// What people write on runs: names, tags, a remark; which they have put away, and when queued ones may start.
import "server-only";
import { eq } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { requireRun } from "./require-run";
import type { RunChange } from "./run-schema";

/** `adding`: tags are added to those that each run has. */
export function changeRuns(ids: string[], { archived, tags, ...change }: RunChange, adding = false): void {
  appDb().transaction((tx) => {
    for (const id of ids) {
      const run = requireRun(id);
      if (change.notBefore !== undefined && run.status !== "queued")
        throw new AppError(409, `${run.name} is ${run.status}; only a queued run has a start time.`);
      const kept = adding ? run.tags : [];
      const set = {
        ...change,
        ...(tags && { tags: [...new Set([...kept, ...tags])] }),
        ...(archived !== undefined && { archivedAt: archived ? (run.archivedAt ?? Date.now()) : null }),
      };
      if (Object.keys(set).length > 0) tx.update(runs).set(set).where(eq(runs.id, id)).run();
    }
  });
}
