// All that a run's page shows of it beside its curves.
import "server-only";
import { asc, eq } from "drizzle-orm";
import { disk, isAlmostFull } from "../../common/disk";
import type { MetricName } from "../../spec/metrics/catalogue";
import { flat } from "../../spec/paths";
import { seenRuns } from "../access/hidden-runs";
import { metricsDb } from "../db/client";
import { alerts, checks } from "../db/metrics-schema";
import type { Run } from "../db/tables/runs";
import { latestOf } from "../history/metric-rows";
import { checkpointsOf, getRun } from "./attempts";
import { fullConfig } from "./full-config";
import { lineageOf } from "./lineage";
import { measuredOf, summariesOf } from "./list-runs";
import { adapterFolder, bestOf, requireRun } from "./require-run";
import type { Point, RunDetail } from "./run-schema";
import { runnerAlive } from "./runner-alive";
import { standingOf } from "./trials";

export function runDetail(id: string): RunDetail {
  const run = requireRun(id);
  const [summary] = summariesOf([{ ...run, model: run.config.model.source, machine: run.config.machine ?? null }]);
  return {
    ...summary!,
    latest: latestOf(id),
    ...foundIn(id),
    config: run.config,
    runnerAlive: runnerAlive(Date.now()),
    diskFull: isAlmostFull(disk()),
    best: bestOf(run),
    checkpoints: checkpointsOf(id).map(({ step, createdAt }) => ({ step, createdAt })),
    adapter: adapterFolder(id) !== null,
    lineage: lineageOf(run),
    halving: standingOf(run),
    changes: changesFrom(run),
  };
}

/** What changes of a run as it is measured on; `points` are those that came since `run` was read. */
export function measuredDetail(run: RunDetail, points: Point[]): Partial<RunDetail> {
  const { step, remainingMs, alertCount } = measuredOf([run]).get(run.id)!;
  const latest = { ...run.latest };
  for (const { values } of points)
    for (const [name, value] of Object.entries(values) as [MetricName, number | null][])
      if (value !== null) latest[name] = value;
  return { step, remainingMs, alertCount, latest, ...foundIn(run.id) };
}

/** What checks and rules found in a run. */
const foundIn = (id: string): Pick<RunDetail, "checks" | "alerts"> => ({
  checks: metricsDb()
    .select({ name: checks.name, detail: checks.detail })
    .from(checks)
    .where(eq(checks.runId, id))
    .all(),
  alerts: metricsDb()
    .select({ rule: alerts.rule, step: alerts.step, measured: alerts.measured, at: alerts.at })
    .from(alerts)
    .where(eq(alerts.runId, id))
    .orderBy(asc(alerts.step))
    .all(),
});

function changesFrom(run: Run): RunDetail["changes"] {
  const parent = run.parentRun && getRun(run.parentRun);
  if (!parent || seenRuns([parent]).length === 0) return [];
  const [was, is] = [flat(fullConfig(parent)), flat(fullConfig(run))];
  const paths = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return paths
    .filter((path) => path !== "output" && path !== "configVersion" && was[path] !== is[path])
    .map((path) => ({ path, was: was[path] ?? "", is: is[path] ?? "" }));
}
