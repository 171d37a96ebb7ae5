// What a user asks of a run that is there.
import "server-only";
import { and, eq } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { requireMayRunPrograms } from "./allowed";
import { failDependants, lostOf } from "./dependants";
import { requireRun } from "./require-run";
import { stopAsked } from "./stop-asked";

/** `immediately`: without waiting for the step in hand. */
export function requestStop(id: string, immediately = false): void {
  const { status } = requireRun(id);
  if (status !== "queued" && status !== "running")
    throw new AppError(409, `This run is ${status}; there is nothing to stop.`);
  const now = Date.now();
  appDb().transaction((tx) => {
    tx.update(runs)
      .set({ status: "stopped", held: false, rung: null, finishedAt: now })
      .where(and(eq(runs.id, id), eq(runs.status, "queued")))
      .run();
    tx.update(runs)
      .set({ requested: immediately ? "stop-now" : "stop", rung: null })
      .where(and(eq(runs.id, id), eq(runs.status, "running")))
      .run();
    stopAsked(tx, now);
    failDependants(tx, now);
  });
}

/** With `allowChanged` also where data or weights are not those that its last checkpoint was trained on. */
export function requestResume(id: string, allowChanged = false): void {
  const run = requireRun(id);
  if (run.status !== "stopped" && run.status !== "failed")
    throw new AppError(409, `This run is ${run.status}; only a stopped or failed one can be resumed.`);
  requireMayRunPrograms(run.config);
  const lost = lostOf(appDb(), run);
  if (lost) throw new AppError(409, `${lost.name}, which it depends on, is ${lost.status}: resume that one first.`);
  appDb()
    .update(runs)
    .set({
      status: "queued",
      requested: allowChanged ? "resume-changed" : null,
      held: false,
      ...(run.status === "stopped" && { rung: null }), // whoever resumes one that was stopped wants its end
      finishedAt: null,
      error: null,
    })
    .where(eq(runs.id, id))
    .run();
}
