// The rungs of sweeps that end early what is behind (spec/halving.ts): who has reached one and goes on, and who waits for others to do worse.
import { and, eq, inArray, isNotNull, max, sql } from "drizzle-orm";
import { type Halving, promotable, ranked, rungStep, worst } from "../../spec/halving";
import type { MetricName } from "../../spec/metrics/catalogue";
import { retryOnBusy } from "../db/busy";
import { appDb } from "../db/client";
import { type Run, rungs, runs } from "../db/tables/runs";
import { rowsWith } from "../history/metric-rows";
import type { Tx } from "../runs/dependants";
import { giveUpJob, lapsedAt } from "../runs/stop-asked";
import { halvingOf, type Member, trialsAt } from "../runs/trials";

/** What a run's sweep is halved by; null of one that is not judged. */
export const judgedBy = ({ sweep, rung }: Run): MetricName | null =>
  sweep === null || rung === null ? null : (halvingOf(appDb(), sweep)?.metric ?? null);

/**
 * Called once an evaluation is in the database, with what it measured. Whether the run is to save and wait: it has reached a rung and is not among the best
 * there, for now.
 */
export function reachRung(runId: string, evaluation: Evaluation): boolean {
  return retryOnBusy(() =>
    appDb().transaction(
      (tx) => {
        const run = tx.select().from(runs).where(eq(runs.id, runId)).get();
        if (run?.status !== "running" || run.rung === null || run.sweep === null) return false;
        const halving = halvingOf(tx, run.sweep)!;
        const reached = valueAt(run, halving, evaluation);
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

/** At the first evaluation from the rung's step on; null before it, and at the run's end, where nothing is left to decide. What is no number is not in the history: it is the worst. */
function valueAt(run: Run, halving: Halving, evaluation: Evaluation): Evaluation | null {
  const from = rungStep(halving, run.rung!);
  const row = rowsWith(run.id, halving.metric, halving.metric).find(({ step }) => step >= from);
  const found = row ? { step: row.step, value: row[halving.metric]! } : evaluation;
  if (found.step < from || found.step >= (run.totalSteps ?? Number.POSITIVE_INFINITY)) return null;
  return Number.isFinite(found.value) ? found : { ...found, value: worst(halving.metric) };
}

export interface Evaluation {
  step: number;
  value: number;
}

/** Lets held runs go on that are among the best by now, and ends the others once nothing of their sweep is left to do. */
export function releaseHeld(tx: Tx, now: number): void {
  holdAsked(tx, now);
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

/** Runs that were to be held, and whose runner died before they had been. */
function holdAsked(tx: Tx, now: number): void {
  const held = tx
    .update(runs)
    .set({ status: "queued", held: true, requested: null })
    .where(and(eq(runs.status, "running"), eq(runs.requested, "hold"), lapsedAt(now)))
    .returning()
    .all();
  for (const run of held) if (run.config.machine) giveUpJob(tx, run);
}

const isHeldAt =
  (rung: number) =>
  (run: Member): boolean =>
    run.held && run.status === "queued" && run.rung === rung;

function goOn(tx: Tx, held: Member[]): void {
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
  const finished = and(eq(runs.sweep, sweep), eq(runs.status, "finished"), isNotNull(runs.rung)); // not one that comes first, or was resumed by hand
  const hasFinished = tx.select({ id: runs.id }).from(runs).where(finished).limit(1).get() !== undefined;
  if (!hasFinished && best) goOn(tx, best.runs.filter(isHeldAt(highest)));
  else endHeld(tx, sweep, now);
}

/** They stay marked as held: a stopped run that is was stopped early. */
function endHeld(tx: Tx, sweep: string, now: number): void {
  tx.update(runs)
    .set({ status: "stopped", finishedAt: now })
    .where(and(eq(runs.sweep, sweep), eq(runs.status, "queued"), eq(runs.held, true)))
    .run();
}
