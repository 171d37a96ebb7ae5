// A run that builds on one which will not finish fails with it. It can be resumed, after that one.
import { and, eq, inArray, sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { type Run, runs } from "../db/tables/runs";

export type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0];

/** Fails every queued run that waits for a failed or stopped one, and those that wait for it in turn. Returns them. */
export function failDependants(tx: Tx, now: number): Run[] {
  const waiting = tx
    .select()
    .from(runs)
    .where(and(eq(runs.status, "queued"), sql`json_array_length(${runs.after}) > 0`))
    .all();
  const failed = waiting.flatMap((run) => {
    const lost = lostOf(tx, run);
    if (!lost) return [];
    const error = `${lost.name} ${endOf(lost)}, and this run depends on its result: resume ${lost.name}, then this run.`;
    return tx
      .update(runs)
      .set({ status: "failed", error, finishedAt: now })
      .where(eq(runs.id, run.id))
      .returning()
      .all();
  });
  return failed.length === 0 ? [] : [...failed, ...failDependants(tx, now)];
}

/** A run that `run` builds on and that has ended without a result. */
export const lostOf = (tx: Tx | Db, run: Pick<Run, "after">): Run | undefined =>
  tx
    .select()
    .from(runs)
    .where(and(inArray(runs.id, run.after), inArray(runs.status, ["failed", "stopped"])))
    .get();

const endOf = ({ status, startedAt }: Run) =>
  status === "failed" ? "failed" : startedAt === null ? "was cancelled" : "was stopped";
