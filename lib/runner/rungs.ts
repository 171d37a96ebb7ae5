// The rungs of sweeps that end early what is behind (spec/halving.ts): who has reached one and goes on, and who waits for others to do worse.
import { and, eq, inArray, max, sql } from "drizzle-orm";
import { type Halving, promotable, ranked, rungStep } from "../../spec/halving";
import { retryOnBusy } from "../db/busy";
import { appDb } from "../db/client";
import { type Run, rungs, runs } from "../db/tables/runs";
import { rowsWith } from "../history/metric-rows";
import type { Tx } from "../runs/dependants";
import { halvingOf, trialsAt } from "../runs/trials";

/** Called once an evaluation is in the database. Whether the run is to save and wait: it has reached a rung and is not among the best there, for now. */
export function reachRung(runId: string): boolean {
  return retryOnBusy(() =>
    appDb().transaction(
      (tx) => {
        const run = tx.select().from(runs).where(eq(runs.id, runId)).get();
        if (run?.status !== "running" || run.rung === null || run.sweep === null) return false;
        const halving = halvingOf(tx, run.sweep)!;
        const reached = valueAt(run, halving, run.rung);
        if (!reached || run.requested !== null) return run.requested === "hold";
        tx.insert(rungs)
          .values({ runId, rung: run.rung, ...reached })
          .onConflictDoNothing()
          .run();
        const best = promotable(trialsAt(tx, run.sweep, run.rung), halving);
        const goesOn = best.some(({ runs }) => runs.some(({ id }) => id === runId));
        tx.update(runs)
          .set(goesOn ? { rung: run.rung + 1 } : { requested: "hold" })
          .where(eq(runs.id, runId))
          .run();
        return !goesOn;
      },
      { behavior: "immediate" },
    ),
  );
}

/** At the first evaluation from the rung's step on; null before it, and at the run's end, where nothing is left to decide. */
function valueAt(run: Run, halving: Halving, rung: number): { step: number; value: number } | null {
  const from = rungStep(halving, rung);
  if (from >= (run.totalSteps ?? Number.POSITIVE_INFINITY)) return null;
  const row = rowsWith(run.id, halving.metric, halving.metric).find(({ step }) => step >= from);
  return row ? { step: row.step, value: row[halving.metric]! } : null;
}

/** Lets held runs go on that are among the best by now, and ends the others once nothing of their sweep is left to do. */
export function releaseHeld(tx: Tx, now: number): void {
  const waiting = tx
    .select({ sweep: runs.sweep, highest: max(runs.rung) })
    .from(runs)
    .where(and(eq(runs.status, "queued"), eq(runs.held, true)))
    .groupBy(runs.sweep)
    .all();
  for (const { sweep, highest } of waiting) {
    const halving = halvingOf(tx, sweep!)!;
    const heldAt = (rung: number) =>
      promotable(trialsAt(tx, sweep!, rung), halving).flatMap(({ runs }) => runs.filter(isHeldAt(rung)));
    const found = Array.from({ length: highest! + 1 }, (_, rung) => heldAt(rung)).flat();
    if (found.length > 0) goOn(tx, found);
    else if (!isAtWork(tx, sweep!)) settle(tx, sweep!, halving, highest!, now);
  }
}

const isHeldAt =
  (rung: number) =>
  (run: Run): boolean =>
    run.held && run.status === "queued" && run.rung === rung;

function goOn(tx: Tx, held: Run[]): void {
  tx.update(runs)
    .set({ held: false, rung: sql`${runs.rung} + 1` })
    .where(
      inArray(
        runs.id,
        held.map(({ id }) => id),
      ),
    )
    .run();
}

/** Whether a run of the sweep trains, or may be claimed. */
const isAtWork = (tx: Tx, sweep: string): boolean =>
  tx
    .select()
    .from(runs)
    .where(and(eq(runs.sweep, sweep), inArray(runs.status, ["queued", "running"]), eq(runs.held, false)))
    .limit(1)
    .get() !== undefined;

/** With few configurations none may be among the best third: the best of the highest rung goes on, so that one comes to its end. */
function settle(tx: Tx, sweep: string, halving: Halving, highest: number, now: number): void {
  const [best] = ranked(trialsAt(tx, sweep, highest), halving.metric).filter(({ runs }) =>
    runs.some(isHeldAt(highest)),
  );
  const one = tx
    .select()
    .from(runs)
    .where(and(eq(runs.sweep, sweep), eq(runs.status, "finished")))
    .limit(1)
    .get();
  if (!one && best) goOn(tx, best.runs.filter(isHeldAt(highest)));
  else endHeld(tx, sweep, now);
}

function endHeld(tx: Tx, sweep: string, now: number): void {
  tx.update(runs)
    .set({
      status: "stopped",
      held: false,
      finishedAt: now,
    })
    .where(and(eq(runs.sweep, sweep), eq(runs.status, "queued"), eq(runs.held, true)))
    .run();
}
