// What people write on runs: names, tags, a remark; and which they have put away.
import "server-only";
import { eq } from "drizzle-orm";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { requireRun } from "./require-run";
import type { RunChange } from "./run-schema";

/** `adding`: tags are added to those that each run has. */
export function changeRuns(ids: string[], { archived, tags, ...change }: RunChange, adding = false): void {
  appDb().transaction((tx) => {
    for (const id of ids) {
      const run = requireRun(id);
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
