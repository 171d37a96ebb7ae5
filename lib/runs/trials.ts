// The configurations of a sweep under successive halving, at its rungs. Unmarked, so that the runner reads it in plain Node.
import { and, eq, sql } from "drizzle-orm";
import { groupBy } from "../../common/group-by";
import { type Halving, ranked, rungStep } from "../../spec/halving";
import { mean } from "../../spec/statistics";
import { appDb, type Db } from "../db/client";
import { type Run, rungs, runs, sweeps } from "../db/tables/runs";
import type { Tx } from "./dependants";
import type { RunDetail } from "./run-schema";

/** A run of a sweep, as far as its rungs need it. */
export type Member = Pick<Run, "id" | "status" | "rung" | "held">;

/** Runs of one configuration, which differ by their seed, at a rung that all of them have reached; their mean counts. */
export interface Trial {
  runs: Member[];
  value: number;
}

/** How a sweep is halved; undefined of one that is not. */
export const halvingOf = (tx: Tx | Db, sweep: string): Halving | undefined =>
  tx.select().from(sweeps).where(eq(sweeps.id, sweep)).get()?.halving;

/** All but what the runs of one configuration differ by. */
const configuration = sql<string>`json_remove(${runs.config}, '$.seed', '$.output', '$.machine')`;

/** The configurations that have reached a rung. One of which a run has failed, was stopped before it, or is judged no more counts by its others. */
export function trialsAt(tx: Tx | Db, sweep: string, rung: number): Trial[] {
  const rows = tx
    .select({
      run: { id: runs.id, status: runs.status, rung: runs.rung, held: runs.held },
      configuration,
      value: rungs.value,
    })
    .from(runs)
    .leftJoin(rungs, and(eq(rungs.runId, runs.id), eq(rungs.rung, rung)))
    .where(eq(runs.sweep, sweep))
    .orderBy(runs.id)
    .all()
    .filter(({ run, value }) => value !== null || mayReach(run));
  return [...groupBy(rows, ({ configuration }) => configuration).values()].flatMap((same) => {
    if (same.some(({ value }) => value === null)) return [];
    const value = mean(same.map(({ value }) => value!));
    return [{ runs: same.map(({ run }) => run), value }];
  });
}

const mayReach = ({ status, rung }: Member): boolean => rung !== null && status !== "failed" && status !== "stopped";

/** How a run stands at each rung that it has reached; null of one whose sweep is not halved. */
export function standingOf(run: Run): RunDetail["halving"] {
  const halving = run.sweep === null ? undefined : halvingOf(appDb(), run.sweep);
  if (!halving) return null;
  const own = appDb().select().from(rungs).where(eq(rungs.runId, run.id)).orderBy(rungs.rung).all();
  return {
    metric: halving.metric,
    factor: halving.factor,
    next: run.rung === null ? null : rungStep(halving, run.rung),
    rungs: own.map(({ rung, step, value }) => {
      const trials = ranked(trialsAt(appDb(), run.sweep!, rung), halving.metric);
      const place = trials.findIndex(({ runs }) => runs.some(({ id }) => id === run.id)) + 1;
      return { step, value, place: place || null, of: trials.length };
    }),
  };
}
