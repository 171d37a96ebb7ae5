// Asynchronous successive halving (Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning", algorithm 2): every configuration of a
// sweep trains to the first rung; whoever is among the best 1/η of those that have reached a rung goes on to the next, η times as far. Weak ones are
// not ended but held, saved, since they may come to be among the best as others do worse.
import { z } from "zod";
import { type MetricName, metrics, rankable } from "./metrics/catalogue";
import type { Metric } from "./metrics/metric";

export const halving = z.strictObject({
  /** What configurations are ranked by. */
  metric: z.enum(rankable, { error: `give one of ${rankable.join(", ")}` }),
  /** Steps until they are first compared; the next rungs are η, η², … times as far. */
  firstRung: z.int({ error: "give a number of steps" }).min(1, "must be at least 1"),
  /** η: one of so many goes on. */
  factor: z.int().min(2, "must be at least 2").max(10, "must be at most 10").default(3),
});
export type Halving = z.infer<typeof halving>;

export const rungStep = ({ firstRung, factor }: Pick<Halving, "firstRung" | "factor">, rung: number): number =>
  firstRung * factor ** rung;

/** Less is better of losses and of what says so itself. */
const isLessBetter = (metric: MetricName): boolean =>
  metric.endsWith("loss") || (metrics[metric] as Metric).better === "less";

/** What counts for a value that is no number, as of a run that has diverged. */
export const worst = (metric: MetricName): number =>
  isLessBetter(metric) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;

export interface Reached {
  value: number;
}

/** Best first. */
export function ranked<One extends Reached>(reached: One[], metric: MetricName): One[] {
  const sign = isLessBetter(metric) ? 1 : -1;
  return reached.toSorted((a, b) => (a.value === b.value ? 0 : sign * (a.value - b.value)));
}

/** Of the configurations that have reached a rung those that go on: the best 1/η, rounded down. */
export const promotable = <One extends Reached>(reached: One[], { metric, factor }: Halving): One[] =>
  ranked(reached, metric).slice(0, Math.floor(reached.length / factor));
