import "server-only";
import { asc, inArray } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { type MetricName, metrics } from "../../../spec/metrics/catalogue";
import { flat } from "../../../spec/paths";
import { seenRuns } from "../../access/hidden-runs";
import { appDb, metricsDb } from "../../db/client";
import { type Run, runs } from "../../db/tables/runs";
import { latestOf, rowsWith } from "../../history/metric-rows";
import { type History, historyOf, stepsAround } from "../../history/read-history";
import { fullConfig } from "../full-config";
import type { ComparedRun, DrawnLine, EvalPoint, LinesInput } from "./compare-schema";
import { between, type Curve, drawn } from "./lines";

/** Runs by id, in that order. */
export function comparedRuns(ids: string[]): ComparedRun[] {
  const oldestFirst = appDb().select({ id: runs.id }).from(runs).orderBy(asc(runs.createdAt)).all();
  const found = seenRuns(appDb().select().from(runs).where(inArray(runs.id, ids)).all());
  return ids.map((id) => {
    const run = found.find((one) => one.id === id);
    if (!run) throw new AppError(404, `There is no run ${id}.`);
    return compared(
      run,
      oldestFirst.findIndex((one) => one.id === id),
    );
  });
}

function compared(run: Run, number: number): ComparedRun {
  const { id, name, method, status } = run;
  const config = fullConfig(run);
  const evalPoints = evalPointsOf(id);
  const { output: _, configVersion: __, ...described } = config;
  return {
    id,
    name,
    method,
    model: config.model.source,
    status,
    number,
    config: flat(described),
    latest: latestOf(id),
    evalPoints,
  };
}

/** Steps whose answers to the fixed prompts were measured, with what had been spent by then. */
const evalPointsOf = (runId: string): EvalPoint[] =>
  rowsWith(runId, "on_policy/kl", "on_policy/", counters.samples, counters.time).map(({ step, ...values }) => ({
    step,
    values,
  }));

/** A line for each group; null where none of its runs has measured this. */
export function linesOf({ metric, axis, groups, ...view }: LinesInput): (DrawnLine | null)[] {
  const curves = (ids: string[]) => ids.map((id) => curveOf(id, metric, axis, view));
  return metricsDb().transaction(() => groups.map((ids) => drawn(curves(ids), view))); // one moment, whatever trainers move meanwhile
}

type View = Omit<LinesInput, "metric" | "axis" | "groups">;

/** What counts up along each axis but the steps. */
const counters = { samples: "samples", tokens: "num_tokens", time: "elapsed" } as const satisfies Partial<
  Record<LinesInput["axis"], MetricName>
>;

/** Empty where the run has measured no such metric, or never said how far it was along the axis. */
export function curveOf(runId: string, metric: MetricName, axis: LinesInput["axis"], view: View): Curve {
  const placed = axis === "step" ? { along: same, span: view } : alongCounter(runId, counters[axis], view);
  if (!placed) return { x: [], y: [], smooth: [], error: [], extremes: null };
  const { along, span } = placed;
  const { step, mean, smooth, extremes } = historyOf(runId, metric, span);
  return {
    x: along(step),
    y: mean,
    smooth,
    error: extremes ? [] : errorsAt(runId, metric, step, span),
    extremes: extremes && { ...extremes, minX: along(extremes.argminStep), maxX: along(extremes.argmaxStep) },
  };
}

const same = (steps: number[]) => steps;

/** The span in steps, and what the counter has come to at a step; null where it was never logged. */
function alongCounter(runId: string, counter: MetricName, view: View): { along: typeof same; span: View } | null {
  const span = { ...view, ...stepsAround(runId, counter, view) };
  const columns = Math.ceil(view.columns / 4); // a counter is all but straight between neighbours
  const { steps, counts } = knotsOf(historyOf(runId, counter, { ...span, columns, smooth: 0 }));
  if (steps.length === 0) return null;
  return { along: (wanted) => between(steps, counts, wanted), span };
}

/** Steps and what a counter had come to there: of an entry its end, where it is most. */
function knotsOf({ step, mean, extremes }: History): { steps: number[]; counts: number[] } {
  if (!extremes || step.length === 0) return { steps: step, counts: mean };
  return { steps: [extremes.argminStep[0]!, ...extremes.argmaxStep], counts: [extremes.min[0]!, ...extremes.max] };
}

function errorsAt(runId: string, metric: MetricName, steps: number[], span: View): (number | null)[] {
  const name = `${metric}_se`;
  if (!Object.hasOwn(metrics, name)) return [];
  const { step, mean } = historyOf(runId, name as MetricName, { ...span, smooth: 0 });
  const errors = new Map(step.map((at, i) => [at, mean[i]!]));
  return steps.map((at) => errors.get(at) ?? null);
}
